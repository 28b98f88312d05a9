/** load.js FOLDER MODULE */
require(process.argv[3]);
