import { isJsonObject, type JsonObject } from '../../inventory/value';
import { control, fail, pass, type Verdict } from '../control';
import { cronJob, deployment, manifests, pod, secured, withInit } from '../pod-examples';
import {
  celHas,
  celSecurityContexts,
  child,
  everySecurityContext,
  isSet,
  type PodTemplate,
  shown,
  templateCel,
  workload,
} from '../pod-template';
import { Severity } from '../severity';

const PREFIX = 'container.apparmor.security.beta.kubernetes.io/';
const ALLOWED = /^$|^runtime\/default$|^localhost\//;

/**
 * PSS baseline, check appArmorProfile: the field of 1.30 and the annotation before it. A missing profile is the runtime's default where the node has
 * AppArmor, and nothing where it has none (Bottlerocket, AL2023), so a missing one holds.
 */
export const appArmor = control({
  ...workload,
  id: 'K-CTR-18',
  title: 'no pod switches its AppArmor profile off',
  because: 'without its profile a container may mount, write below /proc and /sys, and trace, on every node that would have forbidden it',
  severity: Severity.MEDIUM,
  judge: (pod) => {
    const annotated = byAnnotation(pod);
    if (annotated.verdict !== 'pass') return annotated;
    return everySecurityContext(pod, 'appArmorProfile', ({ appArmorProfile: profile }) => {
      if (!isSet(profile)) return undefined;
      const type = isJsonObject(profile) ? (profile.type ?? '') : profile;
      return type === 'RuntimeDefault' || type === 'Localhost'
        ? undefined
        : `sets appArmorProfile ${shown(type)}, it must be RuntimeDefault, Localhost or missing`;
    });
  },
  remedy: 'remove appArmorProfile and the AppArmor annotation, or name a profile that is loaded on the nodes',
  references: {
    pss: 'baseline',
    nsa: ['pod-security'],
    scanners: {
      kubescape: ['C-0055'],
      kubesec: ['ApparmorAny', 'ApparmorUnconfined'],
      polaris: ['linuxHardening'],
      trivy: ['KSV-0002'],
    },
  },
  cel: templateCel(
    (template) =>
      `!${celHas(template, 'metadata.annotations', (all) => `${all}.exists(key, key.startsWith('${PREFIX}') && !(${all}[key] in ['', 'runtime/default'] || ${all}[key].startsWith('localhost/')))`)} && ` +
      celSecurityContexts(
        `${template}.spec`,
        (context) => `!${celHas(context, 'appArmorProfile', (profile) => `!(${profile}.type in ['RuntimeDefault', 'Localhost'])`)}`,
      ),
  ),
  examples: {
    holds: manifests(
      pod(),
      pod({ securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } }),
      pod({}, { annotations: { [`${PREFIX}app`]: 'localhost/app' } }),
    ),
    breaks: manifests(
      pod({}, { annotations: { [`${PREFIX}app`]: 'unconfined' } }),
      deployment(secured({ appArmorProfile: { type: 'Unconfined' } })),
      cronJob(pod({ securityContext: { appArmorProfile: { type: 'Unconfined' } } })),
      withInit(pod(), { securityContext: { appArmorProfile: { type: 'Unconfined' } } }),
    ),
  },
});

function byAnnotation({ metadata, object, specPath }: PodTemplate): Verdict {
  const annotations: JsonObject = child(metadata, 'annotations');
  for (const key in annotations) {
    if (!key.startsWith(PREFIX) || ALLOWED.test(String(annotations[key] ?? ''))) continue;
    const at = object.object.metadata === metadata ? 'metadata' : `${specPath.replace(/spec$/, '')}metadata`;
    return fail(
      `the annotation for ${key.slice(PREFIX.length)} asks for the AppArmor profile ${annotations[key]}, it must be runtime/default, localhost/NAME or missing`,
      `${at}.annotations[${JSON.stringify(key)}]`,
    );
  }
  return pass;
}
