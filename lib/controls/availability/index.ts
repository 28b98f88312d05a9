import type { AnyControl } from '../control';
import { autoscaler } from './autoscaler';
import { disruptionBudget } from './disruption-budget';
import { distinctProbes } from './distinct-probes';
import { jobEnd } from './job-end';
import { liveness } from './liveness';
import { nakedPod } from './naked-pod';
import { priorityClass } from './priority-class';
import { readiness } from './readiness';
import { replicas } from './replicas';
import { rollingUpdate } from './rolling-update';
import { spread } from './spread';

export const availabilityControls: readonly AnyControl[] = [
  liveness,
  readiness,
  distinctProbes,
  replicas,
  disruptionBudget,
  spread,
  rollingUpdate,
  priorityClass,
  autoscaler,
  jobEnd,
  nakedPod,
];
