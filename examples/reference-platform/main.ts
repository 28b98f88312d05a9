import { build } from './app';

const { cdk, charts } = build();
cdk.synth();
charts.synth();
