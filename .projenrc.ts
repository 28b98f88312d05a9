import { cdk, javascript } from 'projen';

/** The CDK pair the repository develops on; the CLI reads cloud assemblies of exactly this library. */
const AWS_CDK_LIB = '2.275.0';
const AWS_CDK_CLI = '2.1148.1';

const project = new cdk.JsiiProject({
  name: 'cdk-bulwark',
  description: 'Hardened Kubernetes on AWS as constructs, with the proof: what was synthesized is audited.',
  license: 'Apache-2.0',
  author: 'cdk-bulwark contributors',
  authorAddress: 'https://github.com/cdk-bulwark',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-bulwark/cdk-bulwark.git',
  keywords: ['cdk', 'cdk8s', 'eks', 'kubernetes', 'security', 'hardening', 'constructs'],
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  srcdir: 'lib',
  libdir: 'lib',
  testdir: 'test',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3',
  minNodeVersion: '20.19.0',
  packageManager: javascript.NodePackageManager.NPM,
  stability: 'experimental',
  artifactsDirectory: 'artifacts',
  entrypoint: 'lib/index.js',

  // One place decides each of these; projen's own would compete.
  github: false,
  release: false,
  eslint: false,
  prettier: false,
  jest: false,
  docgen: false,
  depsUpgrade: false,
  pullRequestTemplate: false,
  buildWorkflow: false,
  sampleCode: false,
  readme: undefined,
  npmignoreEnabled: true,
  compressAssembly: true,

  peerDeps: ['aws-cdk-lib@^2.257.0', 'cdk8s@^2.68.11', 'cdk8s-plus-28@^2.5.6', 'constructs@^10.5.0'],
  // Plain npm dependencies ship inside the package: jsii asks for it, and none of their types is in the public API.
  bundledDeps: ['js-yaml@^5.5.0', 'yaml@^2.9.1', 'commander@^14.0.2', 'picocolors@^1.1.1', '@marcbachmann/cel-js@^8.0.0', 're2js@^2.10.0'],
  devDeps: [
    '@jsii/spec',
    '@types/node@^20',
    '@types/jest@^30',
    'jest@^30',
    // Exact: later releases are not everywhere to be had for every platform, and a lock file that lacks one fails `npm ci`.
    '@swc/core@1.16.18',
    '@swc/jest',
    '@biomejs/biome@2.5.15',
    'jsii-docgen',
    'tsx',
    'fast-check@^4',
    'cdk8s-cli@^2',
    `aws-cdk@${AWS_CDK_CLI}`,
    `aws-cdk-lib@${AWS_CDK_LIB}`,
    'cdk8s@2.70.106',
    'cdk8s-plus-28@2.5.6',
    'cdk8s-plus-34@2.0.54',
    'constructs@10.8.1',
  ],
  peerDependencyOptions: { pinnedDevDependency: false },
  gitignore: ['/cdk.out/', '/dist/', '*.tgz', '/lib/**/*.js', '/lib/**/*.d.ts', '/lib/**/*.js.map', '/lib/**/*.d.ts.map', '.jsii', '.jsii.gz', '!/test/fixtures/**', '*.tsbuildinfo', '.warnings.jsii.js', '.blocks-*/', 'scratch-*/'],
  tsconfigDev: {
    compilerOptions: {
      target: 'ES2022',
      module: 'node16',
      lib: ['es2022'],
      types: ['node', 'jest'],
      rootDir: '..',
      noEmit: true,
      skipLibCheck: true,
    },
    include: ['../lib/**/*.ts', '**/*.ts', '../examples/**/*.ts', '../tools/**/*.ts', '../.projenrc.ts'],
  },
});

// jest 30 resolves with unrs-resolver, whose 1.13.0 was published without its platform packages.
project.package.addField('overrides', { 'unrs-resolver': '1.12.0' });
// The Kubernetes half must load where aws-cdk-lib is not installed. Jest would be another optional peer, but jsii takes no peer without an assembly.
project.package.addField('peerDependenciesMeta', { 'aws-cdk-lib': { optional: true } });
project.package.addField('bin', { bulwark: 'bin/bulwark' });
const at = (path: string) => ({ types: `./lib/${path}.d.ts`, default: `./lib/${path}.js` });
project.package.addField('exports', {
  '.': at('index'),
  './aws': at('aws/index'),
  './k8s': at('k8s/index'),
  './controls': at('controls/index'),
  './posture': at('posture/index'),
  './hosts': at('hosts/index'),
  './jest': at('jest/index'),
  // Jest asks for this below the name of a preset.
  './jest/jest-preset': at('jest/jest-preset'),
  './jest/setup': at('jest/setup'),
  './jest/serializers': at('jest/serializers'),
  './package.json': './package.json',
  './.jsii': './.jsii',
});

// A renamed source leaves its old .js and .d.ts behind, and jsii would pack them.
project.preCompileTask.exec('tsx tools/clean.ts');
project.testTask.reset();
project.testTask.spawn(project.preCompileTask);
project.testTask.spawn(project.compileTask);
project.testTask.exec('tsc --noEmit -p test/tsconfig.json');
project.testTask.exec('jest --ci --selectProjects unit', { receiveArgs: true });
project.addTask('lint', { exec: 'biome check lib test examples tools', receiveArgs: true });
project.addTask('docs', { exec: 'tsx tools/docs.ts', receiveArgs: true, description: 'Regenerate API.md and the generated pages of docs/' });
project.addTask('goldens', { exec: 'tsx tools/goldens.ts', receiveArgs: true, description: 'Compare (or --update) the examples with their goldens' });
project.addTask('judges', { exec: 'bash test/judges/run.sh', receiveArgs: true, description: 'Let real software judge what the examples synthesize' });
project.addTask('bench', { exec: 'tsx test/bench/run.ts', receiveArgs: true, description: 'Measure against the plain libraries' });
// Raw scripts: they must work before anything is installed.
project.package.setScript('demo', 'node tools/demo.js');

for (const path of ['/examples/', '/tools/', '/docs/', '/.ci/', '/.projenrc.ts', '/biome.json', '/jest.config.js', '/cdk.json', '/cdk8s.yaml', '/cdk.out/', '/dist/', '/lib/**/*.ts', '!/lib/**/*.d.ts', '/projenrc/', '/test/', '/ARCHITECTURE.md', '/CONTRIBUTING.md']) {
  project.npmignore?.addPatterns(path);
}
project.synth();
