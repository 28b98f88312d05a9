import type { Inventory } from '../../inventory/model';
import { podTemplates } from '../../inventory/pod-templates';
import type { JsonObject } from '../../inventory/value';
import { control, type Example, type Subjects } from '../control';
import { cronJob, pod, podOf, withInit } from '../pod-examples';
import { child, everyContainer, type PodTemplate, workload } from '../pod-template';
import { REGISTRIES_ANNOTATION } from '../registries-annotation';
import { Severity } from '../severity';
import { unlessFilledIn } from './filled-in';
import { fullName, isPlaceholder, parseImage } from './reference';

interface Pulling {
  readonly pod: PodTemplate;
  readonly registries: readonly string[];
}

/** Pods of namespaces that say which registries their images come from; where a namespace says nothing, there is nothing to judge by. */
const pulling: Subjects<Pulling> = {
  description: `pod templates of namespaces with the annotation ${REGISTRIES_ANNOTATION}`,
  *select(inventory) {
    const declared = declarations(inventory);
    if (declared.size === 0) return;
    for (const pod of podTemplates(inventory)) {
      const registries = declared.get(pod.object.namespace ?? 'default');
      if (registries !== undefined) yield { resource: pod.object, value: { pod, registries } };
    }
  },
};

function declarations(inventory: Inventory): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { name, object } of inventory.ofKind('Namespace')) {
    const text = child(child(object, 'metadata'), 'annotations')[REGISTRIES_ANNOTATION];
    if (typeof text !== 'string') continue;
    found.set(
      name,
      text
        .split(',')
        .map((entry) => entry.trim().replace(/\/+$/, ''))
        .filter((entry) => entry !== ''),
    );
  }
  return found;
}

function comesFrom(name: string, registries: readonly string[]): boolean {
  for (const registry of registries) if (name === registry || (name.startsWith(registry) && name[registry.length] === '/')) return true;
  return false;
}

const shop = (registries: string, ...objects: JsonObject[]): Example => ({
  manifests: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', annotations: { [REGISTRIES_ANNOTATION]: registries } } },
    ...objects,
  ],
});
const nginx = podOf({ image: 'nginx:1.29.0' });

export const imageRegistry = control({
  ...workload,
  id: 'K-IMG-03',
  title: 'images come from the registries that the namespace names',
  because: 'an image from anywhere was scanned, signed and kept by nobody here',
  severity: Severity.MEDIUM,
  category: 'vulnerability',
  subjects: pulling,
  judge: ({ pod, registries }) => {
    const verdict = everyContainer(pod, 'image', ({ image }) => {
      if (typeof image !== 'string' || isPlaceholder(image) || comesFrom(fullName(parseImage(image)), registries)) return undefined;
      return `has the image '${image}', it must come from ${registries.join(', ') || 'nowhere, because the annotation names no registry'}`;
    });
    return verdict.verdict === 'fail' ? verdict : unlessFilledIn(pod, (image) => comesFrom(image, registries));
  },
  remedy: `copy the image to a registry of the list, or add its registry to the annotation ${REGISTRIES_ANNOTATION} of the Namespace; with the prop registries of k8s.Tenant`,
  references: {
    nsa: ['supply-chain'],
    scanners: { kubescape: ['C-0001', 'C-0078'], trivy: ['KSV-0125', 'KSV-0032', 'KSV-0033', 'KSV-0034', 'KSV-0035'] },
  },
  examples: {
    holds: [
      shop('registry.example.com', pod(), cronJob(pod())),
      shop(
        '111122223333.dkr.ecr.eu-west-1.amazonaws.com, registry.example.com/app/',
        podOf({ image: 'registry.example.com/app/api:1.0.0' }),
      ),
      shop('docker.io/library', nginx),
      shop('docker.io', nginx, podOf({ image: 'index.docker.io/library/redis:8.0.0' })),
      shop('registry.example.com', podOf({ image: 'registry.example.com/${handoff:name}' })),
    ],
    breaks: [
      shop('registry.example.com', nginx),
      shop('registry.example.com', podOf({ image: 'registry.example.com.evil.example/app:1.0.0' })),
      shop('registry.example.com/app', podOf({ image: 'registry.example.com/apple:1.0.0' })),
      shop('registry.example.com', withInit(pod(), { image: 'ghcr.io/tools/migrate:2.0.0' })),
      shop('', pod()),
    ],
    undecided: [shop('registry.example.com', podOf({ image: '${handoff:output/Registry/Image}' }))],
  },
});
