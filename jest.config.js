const transform = {
  // An ES module, which jest cannot require as it is.
  '/node_modules/@marcbachmann/cel-js/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
  '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022' }, module: { type: 'commonjs' } }] };
// Sources lie beside their compiled output: without `ts` first the tests would run what was built last.
const common = { transform, transformIgnorePatterns: ['/node_modules/(?!@marcbachmann/cel-js/)'], moduleFileExtensions: ['ts', 'js', 'json', 'node'], testEnvironment: 'node',
  // The examples import the package by its name; in tests that is the source, not what was built last.
  moduleNameMapper: { '^cdk-bulwark$': '<rootDir>/lib/index.ts', '^cdk-bulwark/(.*)$': '<rootDir>/lib/$1/index.ts' },
  setupFiles: ['<rootDir>/test/setup.ts'] };
module.exports = {
  maxWorkers: 2,
  globalSetup: '<rootDir>/test/scratch.js',
  globalTeardown: '<rootDir>/test/scratch.js',
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/**/*.test.ts'], setupFilesAfterEnv: ['<rootDir>/lib/jest/setup.ts', '<rootDir>/lib/jest/serializers.ts'], testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/judges/', '<rootDir>/test/bench/'], modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/dist/'] },
    { ...common, displayName: 'judges', testMatch: ['<rootDir>/test/judges/**/*.test.ts'] },
  ],
};
