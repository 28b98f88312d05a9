import { k8s } from 'cdk-bulwark';
import { build as adopted } from './adopted';
import { build as hardened } from './hardened';

// Each step in a file of its own, so that they can be laid side by side.
const { SAFE, STRICT } = k8s.HardeningLevel;
for (const [level, step] of [
  [SAFE, 'default'],
  [STRICT, 'strict'],
] as const) {
  hardened(level, undefined, `.${step}.k8s.yaml`).synth();
}
adopted(undefined, '.adopted.k8s.yaml').synth();
