export { CNIS, type Cni, cniOf, type Enforcement } from './enforcement';
export { ANYBODY } from './flows';
export { type End, type Hop, Network } from './network';
export { ALL_PORTS, meetPorts, type Ports, portWords, readPorts, withoutPorts } from './ports';
export { type Flow, flowText, type Standing, type Verdict, verdictEntries, verdictWords } from './standing';
