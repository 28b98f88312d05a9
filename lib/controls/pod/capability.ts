import type { Verdict } from '../control';
import { capabilities, celHas, child, containerCel, everyContainer, type PodTemplate } from '../pod-template';

/** Fails for every container that adds one capability, by its own name or with all of them. */
export function withoutCapability(pod: PodTemplate, name: string): Verdict {
  return everyContainer(pod, 'securityContext.capabilities.add', (_, { securityContext }) => {
    const added = capabilities(child(securityContext, 'capabilities').add);
    if (added.includes(name)) return `adds the capability ${name}, it must do without`;
    return added.includes('ALL') ? `adds ALL capabilities and so ${name}, it must do without` : undefined;
  });
}

/** The same for admission. */
export function withoutCapabilityCel(name: string): string {
  return containerCel(
    `!${celHas('c', 'securityContext.capabilities.add', (add) => `${add}.exists(name, name.upperAscii() in ${names(name)})`)}`,
  );
}

/** CEL: the names under which a runtime takes a capability, or all of them. */
export const names = (name: string): string => `['${name}', 'CAP_${name}', 'ALL', 'CAP_ALL']`;
