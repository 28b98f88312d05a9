/**
 * The preset `cdk-bulwark/jest`. Jest loads it in its own process, before any test: there alone is known whether `--ci` was given, and workers inherit
 * the environment.
 */
const flag = process.argv.find((argument) => /^--(no-)?ci(=|$)/.test(argument));
if (flag !== undefined) process.env.BULWARK_JEST_CI = String(flag === '--ci' || flag === '--ci=true' || flag === '--no-ci=false');

export = { setupFilesAfterEnv: [require.resolve('./setup'), require.resolve('./serializers')] };
