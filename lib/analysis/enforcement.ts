import { InputError } from '../error';
import {
  type CloudFormationResource,
  clusterOf,
  fitsGlob,
  type Inventory,
  isJsonObject,
  isObject,
  isOpen,
  type KubernetesObject,
  listOf,
  type PodTemplate,
  parseJsonText,
  type Value,
} from '../inventory';
import { type Addresses, ANY_HOST, addressesOf, readRange } from './addresses';

/** Who enforces NetworkPolicies, and with which gaps. */
export const CNIS = ['vpc-cni', 'auto-mode', 'cilium', 'calico', 'none'] as const;
export type Cni = (typeof CNIS)[number];

/** Reads the name of a profile. Throws `CniUnknown`. */
export function cniOf(text: string): Cni {
  const found = CNIS.find((cni) => cni === text);
  if (found === undefined)
    throw new InputError('CniUnknown', `there is no enforcement profile '${text}'; choose one of ${CNIS.join(', ')}`);
  return found;
}

/** What enforces policies in a cluster, as far as it is known. */
export interface Enforcement {
  /** Missing where nothing says it. */
  readonly cni?: Cni;
  readonly because: string;
}

const NOTHING_SAYS = 'nothing that was read says what enforces policies';

/** The profile: what the caller says, else what the clusters of the inventory install, where they agree. */
export function enforcementOf(inventory: Inventory, given?: Cni): Enforcement {
  if (given !== undefined) return { cni: given, because: `the profile ${given} was given` };
  const daemon = daemonOf(inventory);
  const clusters = inventory.ofType('AWS::EKS::Cluster');
  const found = clusters.map((cluster) => ofCluster(inventory, cluster));
  const cnis = new Set(found.map(({ cni }) => cni));
  if (daemon !== undefined && ![...cnis].some((cni) => cni === 'vpc-cni' || cni === 'auto-mode')) return daemon;
  if (found.length === 0) return { because: NOTHING_SAYS };
  if (cnis.size > 1) return { because: 'the clusters that were read differ in what enforces policies' };
  return found[0];
}

/** Cilium and Calico run as a daemon on every node. */
function daemonOf(inventory: Inventory): Enforcement | undefined {
  for (const [name, cni] of [
    ['cilium', 'cilium'],
    ['calico-node', 'calico'],
  ] as const) {
    const daemon = inventory.ofKind('DaemonSet').find((object) => object.name === name);
    if (daemon !== undefined) return { cni, because: `DaemonSet ${daemon.namespace ?? 'default'}/${name} enforces policies` };
  }
  return undefined;
}

function ofCluster(inventory: Inventory, cluster: CloudFormationResource): Enforcement {
  const { ComputeConfig } = cluster.properties;
  if (isObject(ComputeConfig) && ComputeConfig.Enabled === true) return autoMode(inventory);
  if (isOpen(ComputeConfig) || (isObject(ComputeConfig) && isOpen(ComputeConfig.Enabled)))
    return { because: 'whether the cluster is in Auto Mode is decided at deployment' };
  const addOn = inventory
    .ofType('AWS::EKS::Addon')
    .find(({ properties }) => properties.AddonName === 'vpc-cni' && clusterOf(inventory, properties.ClusterName) === cluster);
  if (addOn === undefined) return { because: 'no add-on that was read installs a network' };
  const settings = settingsOf(addOn);
  if (settings === undefined) return { because: 'the settings of the add-on vpc-cni are decided at deployment' };
  return String(settings.enableNetworkPolicy) === 'true'
    ? { cni: 'vpc-cni', because: 'the add-on vpc-cni has enableNetworkPolicy' }
    : { cni: 'none', because: 'the add-on vpc-cni enforces no policy unless its settings have enableNetworkPolicy' };
}

/** Auto Mode takes policies and enforces none until its controller is switched on by a ConfigMap. */
function autoMode(inventory: Inventory): Enforcement {
  const map = inventory.ofKind('ConfigMap').find(({ name, namespace }) => name === 'amazon-vpc-cni' && namespace === 'kube-system');
  if (map === undefined)
    return { because: 'Auto Mode enforces policies when the ConfigMap kube-system/amazon-vpc-cni says so, which was not read' };
  const { data } = map.object;
  return isJsonObject(data) && String(data['enable-network-policy-controller']) === 'true'
    ? { cni: 'auto-mode', because: 'the ConfigMap kube-system/amazon-vpc-cni switches the controller of policies on' }
    : { cni: 'none', because: 'the ConfigMap kube-system/amazon-vpc-cni does not switch the controller of policies on' };
}

/** The configuration of an add-on; undefined where it is only known at deployment or is no JSON. */
function settingsOf(addOn: CloudFormationResource): { readonly [key: string]: Value } | undefined {
  const { ConfigurationValues } = addOn.properties;
  if (ConfigurationValues === undefined) return {};
  const parsed =
    isOpen(ConfigurationValues) || typeof ConfigurationValues === 'string' ? parseJsonText(ConfigurationValues) : ConfigurationValues;
  return isObject(parsed) && !isOpen(parsed.enableNetworkPolicy) ? parsed : undefined;
}

/** Whether policies hold a pod under a profile: `unknown` where that is decided at deployment. */
export function holdOf(
  inventory: Inventory,
  pod: PodTemplate,
  { cni, because }: Enforcement,
): { readonly held: 'yes' | 'no' | 'unknown'; readonly because: string } {
  if (cni === 'none') return { held: 'no', because };
  const fargate = onFargate(inventory, pod);
  if (fargate !== false) {
    return fargate === true
      ? { held: 'no', because: 'nothing enforces policies on Fargate' }
      : { held: 'unknown', because: 'whether it runs on Fargate is decided at deployment' };
  }
  if (cni === undefined) return { held: 'unknown', because };
  const { os, nodeSelector } = pod.spec;
  const isWindows =
    (isJsonObject(os) && os.name === 'windows') || (isJsonObject(nodeSelector) && nodeSelector['kubernetes.io/os'] === 'windows');
  if (isWindows && cni !== 'calico') return { held: 'no', because: `${cni} does not enforce policies on Windows` };
  if ((cni === 'vpc-cni' || cni === 'auto-mode') && isBare(pod.object))
    return { held: 'no', because: `${cni} does not enforce policies on a pod that no controller owns` };
  return { held: 'yes', because };
}

function isBare({ kind, object }: KubernetesObject): boolean {
  const owners = isJsonObject(object.metadata) ? object.metadata.ownerReferences : undefined;
  return kind === 'Pod' && !(Array.isArray(owners) && owners.length > 0);
}

/** Whether a Fargate profile takes a pod; undefined where a selector is open. */
function onFargate(inventory: Inventory, pod: PodTemplate): boolean | undefined {
  let open = false;
  const labels = isJsonObject(pod.metadata.labels) ? pod.metadata.labels : {};
  for (const { properties } of inventory.ofType('AWS::EKS::FargateProfile')) {
    if (isOpen(properties.Selectors)) open = true;
    for (const selector of listOf(properties.Selectors)) {
      if (!isObject(selector) || isOpen(selector.Namespace)) {
        open = true;
        continue;
      }
      const wanted = listOf(selector.Labels).filter(isObject);
      const meets = wanted.every(({ Key, Value: value }) => wildcard(value, labels[String(Key)]));
      if (wildcard(selector.Namespace, pod.object.namespace ?? 'default') && meets) return true;
    }
  }
  return open ? undefined : false;
}

/** Selectors of Fargate profiles may hold `*` and `?`. */
function wildcard(pattern: Value | undefined, text: unknown): boolean {
  if (typeof pattern !== 'string' || typeof text !== 'string') return false;
  return fitsGlob(pattern, text);
}

/** Where pods and nodes have their addresses: the subnets of the nodes under the VPC CNI, else anywhere. */
export function hostAddresses(inventory: Inventory, { cni }: Enforcement): Addresses {
  if (cni !== 'vpc-cni') return ANY_HOST;
  const isCustom = inventory
    .ofType('AWS::EKS::Addon')
    .some((addOn) => JSON.stringify(settingsOf(addOn) ?? {}).includes('CUSTOM_NETWORK_CFG'));
  const isScaled = ['NodePool', 'EC2NodeClass', 'NodeClass', 'ENIConfig'].some((kind) => inventory.ofKind(kind).length > 0);
  const groups = [...inventory.ofType('AWS::EKS::Nodegroup'), ...inventory.ofType('AWS::EKS::FargateProfile')];
  if (isCustom || isScaled || groups.length === 0) return ANY_HOST;
  const tagged = inventory
    .ofType('AWS::EC2::Subnet')
    .filter(({ properties }) => listOf(properties.Tags).some((tag) => isObject(tag) && tag.Key === 'kubernetes.io/role/cni'));
  const subnets = [...groups.flatMap(({ properties }) => listOf(properties.Subnets).map((subnet) => inventory.find(subnet))), ...tagged];
  const ranges = subnets.map((subnet) =>
    typeof subnet?.properties.CidrBlock === 'string' ? readRange(subnet.properties.CidrBlock) : undefined,
  );
  const known = ranges.filter((range) => range !== undefined);
  return known.length === 0 || known.length < ranges.length ? ANY_HOST : addressesOf(known);
}
