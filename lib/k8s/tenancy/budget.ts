import { Size } from 'cdk8s';
import type { Cpu } from 'cdk8s-plus-28';
import { InputError } from '../../error';
import type { JsonObject } from '../../inventory/value';
import { cpuQuantity, kibibytes, millis, quantity } from '../workload/resources';

/** What all pods of a tenant may use together. */
export interface Budget {
  readonly cpu: Cpu;
  readonly memory: Size;
  readonly pods: number;
  readonly ephemeralStorage?: Size;
}

const smaller = (a: Size, b: Size) => (kibibytes(a) <= kibibytes(b) ? a : b);

/** Spec of the ResourceQuota. Load balancers and node ports are opened by nobody in passing. */
export function quota(budget: Budget): JsonObject {
  if (!Number.isInteger(budget.pods) || budget.pods < 1) {
    throw new InputError('PodsInvalid', `a tenant cannot have ${budget.pods} pods; give a whole number from 1`);
  }
  const disk = quantity(budget.ephemeralStorage ?? Size.gibibytes(budget.pods));
  return {
    hard: {
      'limits.cpu': cpuQuantity(4 * millis(budget.cpu)),
      'limits.ephemeral-storage': disk,
      'limits.memory': quantity(budget.memory),
      pods: `${budget.pods}`,
      'requests.cpu': cpuQuantity(millis(budget.cpu)),
      'requests.ephemeral-storage': disk,
      'requests.memory': quantity(budget.memory),
      'services.loadbalancers': '0',
      'services.nodeports': '0',
    },
  };
}

/** Spec of the LimitRange: what a container gets that says nothing, and the most that one may ask for. */
export function limits(budget: Budget): JsonObject {
  const memory = quantity(smaller(Size.mebibytes(256), budget.memory));
  const disk = budget.ephemeralStorage ?? Size.gibibytes(budget.pods);
  const most = 4 * millis(budget.cpu);
  return {
    limits: [
      {
        type: 'Container',
        default: { cpu: cpuQuantity(Math.min(400, most)), 'ephemeral-storage': quantity(smaller(Size.gibibytes(1), disk)), memory },
        defaultRequest: {
          cpu: cpuQuantity(Math.min(100, millis(budget.cpu))),
          'ephemeral-storage': quantity(smaller(Size.mebibytes(256), disk)),
          memory,
        },
        max: { cpu: cpuQuantity(most), 'ephemeral-storage': quantity(disk), memory: quantity(budget.memory) },
      },
    ],
  };
}
