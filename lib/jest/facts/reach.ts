import { flowText } from '../../analysis';
import type { KubernetesObject } from '../../inventory';
import type { FactProducer } from './fact';

/**
 * Who may reach whom: `reach FROM -> TO PORTS`, one line a range of ports, with `unenforced` or `undecided` behind what no policy closes for certain.
 */
export const reach: FactProducer = {
  kinds: [{ word: 'reach', widens: 'added' }],
  *produce({ inventory }, _names, network) {
    // Loading the analysis costs time that a platform without pods should not pay.
    if (inventory.kubernetes.length === 0) return;
    const { world } = network();
    const objects = new Map<string, KubernetesObject>();
    for (const { name, namespace, object } of world.workloads) {
      if (object === undefined) continue;
      objects.set(name, object);
      if (!objects.has(`${namespace}/*`))
        objects.set(`${namespace}/*`, inventory.ofKind('Namespace').find((one) => one.name === namespace) ?? object);
    }
    for (const flow of network().flows())
      yield { line: `reach ${flowText(flow)}`, resource: objects.get(flow.to) ?? objects.get(flow.from) };
  },
};
