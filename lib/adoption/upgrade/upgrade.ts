import { audit } from '../../audit';
import { lifecycleOf } from '../../controls/api/lifecycle';
import { allControls } from '../../controls/catalogue';
import { type Inventory, isJsonObject, type Json, type KubernetesObject, podTemplateOf, type Resource } from '../../inventory';
import { type FieldHistory, introducedIn, OBJECT_FIELDS, POD_FIELDS } from './introduced';

/** What another Kubernetes version does to a resource. */
export interface UpgradeFinding {
  /** `breaks`: it does not work there; `changes`: it works otherwise; `undecided`: the files do not tell. */
  readonly effect: 'breaks' | 'changes' | 'undecided';
  readonly code:
    | 'ApiRemoved'
    | 'ApiDeprecated'
    | 'ApiMissing'
    | 'FieldMissing'
    | 'FieldGated'
    | 'FieldTakesEffect'
    | 'PodSecurity'
    | 'NodeImage'
    | 'AddOnVersion'
    | 'Steps';
  readonly resource: Resource;
  readonly message: string;
  readonly remedy: string;
  /** Path inside the resource, to find the line. */
  readonly at?: string;
}

/** Versions that an upgrade goes between, as minor numbers of Kubernetes 1. */
export interface Versions {
  readonly from: number;
  readonly to: number;
}

/** What an upgrade does to everything in an inventory, what breaks first. */
export function upgrade(inventory: Inventory, versions: Versions): UpgradeFinding[] {
  const findings = [
    ...inventory.kubernetes.flatMap((object) => [...apis(object, versions), ...fields(object, versions)]),
    ...podSecurity(inventory, versions),
    ...nodes(inventory, versions),
  ];
  const order = ['breaks', 'undecided', 'changes'];
  return findings.sort((a, b) => order.indexOf(a.effect) - order.indexOf(b.effect));
}

const called = ({ kind, name }: KubernetesObject): string => `${kind} ${name}`;

function apis(resource: KubernetesObject, { from, to }: Versions): UpgradeFinding[] {
  const { apiVersion, kind } = resource;
  const at = 'apiVersion';
  const introduced = introducedIn(apiVersion, kind);
  if (introduced !== undefined && introduced > to) {
    const message = `${apiVersion} of ${kind} comes with Kubernetes 1.${introduced}, so 1.${to} refuses ${called(resource)}`;
    return [
      {
        effect: 'breaks',
        code: 'ApiMissing',
        resource,
        message,
        remedy: 'write an API version that this Kubernetes serves, or leave the object out',
        at,
      },
    ];
  }
  const lifecycle = lifecycleOf(apiVersion, kind);
  if (lifecycle === undefined) return [];
  const remedy =
    lifecycle.use === undefined ? 'nothing takes its place: leave it out' : `write ${lifecycle.use}, and read what changed between the two`;
  if (lifecycle.removed !== undefined && lifecycle.removed <= to) {
    const already = lifecycle.removed <= from ? ', and so does not work now' : '';
    return [
      {
        effect: 'breaks',
        code: 'ApiRemoved',
        resource,
        message: `Kubernetes 1.${lifecycle.removed} stopped to serve ${apiVersion} of ${kind}${already}`,
        remedy,
        at,
      },
    ];
  }
  if (lifecycle.deprecated > to) return [];
  const end = lifecycle.removed === undefined ? 'no version has been named that ends it' : `1.${lifecycle.removed} ends it`;
  return [
    {
      effect: 'changes',
      code: 'ApiDeprecated',
      resource,
      message: `${apiVersion} of ${kind} is deprecated since Kubernetes 1.${lifecycle.deprecated}; ${end}`,
      remedy,
      at,
    },
  ];
}

function fields(resource: KubernetesObject, versions: Versions): UpgradeFinding[] {
  const template = podTemplateOf(resource);
  const own = OBJECT_FIELDS[resource.kind] ?? [];
  return [
    ...own.flatMap((history) => meaning(resource, history, resource.object, '', versions)),
    ...(template === undefined
      ? []
      : POD_FIELDS.flatMap((history) => meaning(resource, history, template.spec, `${template.specPath}.`, versions))),
  ];
}

/** What a field that is set means in the new version, and in the old one. */
function meaning(
  resource: KubernetesObject,
  { path, since, on }: FieldHistory,
  root: Json,
  prefix: string,
  { from, to }: Versions,
): UpgradeFinding[] {
  return placesOf(root, path.split('.')).flatMap((place): UpgradeFinding[] => {
    const at = `${prefix}${place}`;
    if (since > to) {
      const message = `the field comes with Kubernetes 1.${since}; 1.${to} drops or refuses it`;
      return [{ effect: 'breaks', code: 'FieldMissing', resource, message, remedy: 'leave it out for this version', at }];
    }
    if (on === undefined || on > to) {
      const message = `the field needs a feature gate in Kubernetes 1.${to}${on === undefined ? '' : `; it is on from 1.${on}`}`;
      return [
        {
          effect: 'undecided',
          code: 'FieldGated',
          resource,
          message,
          remedy: 'leave it out, unless the gate is on there; Amazon EKS turns no alpha gate on',
          at,
        },
      ];
    }
    if (on > from) {
      const message = `the field does nothing in Kubernetes 1.${from} unless a gate is on, and takes effect from 1.${on}`;
      return [{ effect: 'changes', code: 'FieldTakesEffect', resource, message, remedy: 'try the pods with it before the upgrade', at }];
    }
    return [];
  });
}

/** Paths at which a pattern has a value. */
function placesOf(value: Json | undefined, steps: readonly string[], path = ''): string[] {
  if (value === undefined || value === null) return [];
  if (steps.length === 0) return [path];
  const [step, ...rest] = steps;
  if (step === '*') return Array.isArray(value) ? value.flatMap((item, index) => placesOf(item, rest, `${path}[${index}]`)) : [];
  return isJsonObject(value) ? placesOf(value[step], rest, path === '' ? step : `${path}.${step}`) : [];
}

/** Pods that one version of the Pod Security Standards lets pass and the other does not. */
function podSecurity(inventory: Inventory, { from, to }: Versions): UpgradeFinding[] {
  const controls = allControls.filter(({ references }) => references.pss !== undefined);
  const failures = (minor: number) =>
    new Map(
      audit(inventory, { controls, kubernetes: `1.${minor}` })
        .judgements.filter(({ verdict }) => verdict === 'fail')
        .map((judgement) => [
          JSON.stringify([judgement.control.id, inventory.kubernetes.indexOf(judgement.resource as KubernetesObject)]),
          judgement,
        ]),
    );
  const [before, after] = [failures(from), failures(to)];
  const only = (these: typeof before, others: typeof before) =>
    [...these].filter(([key]) => !others.has(key)).map(([, judgement]) => judgement);
  return [
    ...only(after, before).flatMap(({ control, resource, message, at }): UpgradeFinding[] =>
      resource === undefined
        ? []
        : [
            {
              effect: 'breaks',
              code: 'PodSecurity',
              resource,
              message: `the ${control.references.pss} level of 1.${to} refuses what that of 1.${from} let pass (${control.id}): ${message}`,
              remedy: control.remedy,
              at,
            },
          ],
    ),
    ...only(before, after).flatMap(({ control, resource, at }): UpgradeFinding[] =>
      resource === undefined
        ? []
        : [
            {
              effect: 'changes',
              code: 'PodSecurity',
              resource,
              message: `the ${control.references.pss} level of 1.${to} lets pass what that of 1.${from} refused (${control.id})`,
              remedy: 'raise the version of the namespace labels when all clusters have it',
              at,
            },
          ],
    ),
  ];
}

/** From this version on Amazon EKS has no image of Amazon Linux 2. */
const WITHOUT_AL2 = 33;

/** What Amazon EKS asks beside Kubernetes. */
function nodes(inventory: Inventory, { from, to }: Versions): UpgradeFinding[] {
  return [
    ...inventory.ofType('AWS::EKS::Nodegroup').flatMap((resource): UpgradeFinding[] => {
      const { AmiType } = resource.properties;
      if (typeof AmiType !== 'string' || !AmiType.startsWith('AL2_') || to < WITHOUT_AL2) return [];
      const message = `Amazon EKS publishes no ${AmiType} image for Kubernetes 1.${WITHOUT_AL2} and later`;
      return [
        {
          effect: 'breaks',
          code: 'NodeImage',
          resource,
          message,
          remedy: 'choose a Bottlerocket or AL2023 image',
          at: 'Properties.AmiType',
        },
      ];
    }),
    ...inventory.ofType('AWS::EKS::Addon').flatMap((resource): UpgradeFinding[] => {
      const { AddonVersion, AddonName } = resource.properties;
      if (AddonVersion === undefined || from === to) return [];
      const message = `the add-on ${String(AddonName)} is pinned to ${String(AddonVersion)}, and which versions fit 1.${to} is not in the files`;
      const remedy = `ask aws eks describe-addon-versions --addon-name ${String(AddonName)} --kubernetes-version 1.${to}`;
      return [{ effect: 'undecided', code: 'AddOnVersion', resource, message, remedy, at: 'Properties.AddonVersion' }];
    }),
    ...inventory.ofType('AWS::EKS::Cluster').flatMap((resource): UpgradeFinding[] => {
      if (to - from < 2) return [];
      const steps = Array.from({ length: to - from }, (_, index) => `1.${from + 1 + index}`).join(', ');
      const message = `Amazon EKS goes one minor version at a time: ${steps}`;
      return [
        {
          effect: 'changes',
          code: 'Steps',
          resource,
          message,
          remedy: 'plan each step, control plane first, then add-ons and nodes',
          at: 'Properties.Version',
        },
      ];
    }),
  ];
}
