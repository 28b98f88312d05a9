import type { AnyControl } from '../control';
import { admissionWrites } from './admission-writes';
import { anonymous } from './anonymous';
import { bind } from './bind';
import { certificateApproval } from './certificate-approval';
import { clusterAdmin } from './cluster-admin';
import { configMapWrites } from './config-maps';
import { deletion } from './deletion';
import { escalate } from './escalate';
import { everybody } from './everybody';
import { impersonate } from './impersonate';
import { networkWrites } from './network-writes';
import { nodeProxy } from './node-proxy';
import { podExec } from './pod-exec';
import { portForward } from './port-forward';
import { secretReading } from './secrets';
import { systemMasters } from './system-masters';
import { tokenCreation } from './token-creation';
import { volumeCreation } from './volume-creation';
import { rbacWildcards } from './wildcards';
import { workloadCreation } from './workload-creation';

export const rbacControls: readonly AnyControl[] = [
  clusterAdmin,
  rbacWildcards,
  secretReading,
  workloadCreation,
  podExec,
  portForward,
  escalate,
  bind,
  impersonate,
  nodeProxy,
  tokenCreation,
  certificateApproval,
  admissionWrites,
  volumeCreation,
  systemMasters,
  anonymous,
  everybody,
  deletion,
  configMapWrites,
  networkWrites,
];
