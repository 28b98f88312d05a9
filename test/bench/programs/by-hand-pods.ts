import { type Chart, Duration, Size } from 'cdk8s';
import {
  Capability,
  type ContainerProps,
  Cpu,
  Deployment,
  type DeploymentProps,
  FsGroupChangePolicy,
  type IServiceAccount,
  k8s,
  Probe,
  SeccompProfileType,
  ServiceAccount,
} from 'cdk8s-plus-28';

/**
 * What somebody writes who knows the controls and has cdk8s-plus alone. Its classes for pods and service accounts, its generated ones for the rest. Where a
 * class cannot say what ours writes (service links, group policy, spreading over zones) it is left out: the peer does a little less, never more.
 */
export interface Workload {
  readonly image: string;
  readonly port?: number;
  readonly serviceAccount?: IServiceAccount;
}

const tcp = (port: number, period: number, failureThreshold: number, timeout: number): Probe =>
  Probe.fromTcpSocket({ port, periodSeconds: Duration.seconds(period), failureThreshold, timeoutSeconds: Duration.seconds(timeout) });

export function container({ image, port }: Workload): ContainerProps {
  return {
    image,
    portNumber: port,
    readiness: port === undefined ? undefined : tcp(port, 10, 3, 2),
    liveness: port === undefined ? undefined : tcp(port, 20, 6, 5),
    startup: port === undefined ? undefined : tcp(port, 5, 30, 2),
    resources: {
      cpu: { request: Cpu.millis(100), limit: Cpu.millis(400) },
      memory: { request: Size.mebibytes(256), limit: Size.mebibytes(256) },
      ephemeralStorage: { request: Size.gibibytes(1), limit: Size.gibibytes(1) },
    },
    securityContext: {
      user: 10001,
      group: 10001,
      capabilities: { drop: [Capability.ALL] },
      seccompProfile: { type: SeccompProfileType.RUNTIME_DEFAULT },
    },
  };
}

/** Settings of a pod that the stock classes have as props. */
export const POD = {
  automountServiceAccountToken: false,
  securityContext: { user: 10001, group: 10001, fsGroupChangePolicy: FsGroupChangePolicy.ON_ROOT_MISMATCH },
};

export function hardened(workload: Workload): DeploymentProps {
  return {
    ...POD,
    replicas: 2,
    minReady: Duration.seconds(0),
    serviceAccount: workload.serviceAccount,
    containers: [container(workload)],
  };
}

export function labelsOf(name: string, namespace: string, version: string): { [key: string]: string } {
  return {
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/managed-by': 'hand',
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/part-of': namespace,
    'app.kubernetes.io/version': version,
  };
}

/** A service account of its own, the Deployment and its disruption budget. */
export function workload(chart: Chart, name: string, options: Workload): Deployment {
  const { namespace = 'default' } = chart;
  const labels = labelsOf(name, namespace, options.image.split(':')[1]);
  const serviceAccount = new ServiceAccount(chart, `${name}-account`, { metadata: { name } });
  const deployment = new Deployment(chart, name, {
    ...hardened({ ...options, serviceAccount }),
    metadata: { name, labels },
    podMetadata: { labels },
  });
  new k8s.KubePodDisruptionBudget(chart, `${name}-budget`, {
    metadata: { name },
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      selector: { matchLabels: { 'app.kubernetes.io/instance': name, 'app.kubernetes.io/name': name } },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  });
  return deployment;
}

/** A namespace that enforces `restricted`, its quota and limits, and policies that deny everything but name resolution. */
export function tenant(chart: Chart, name: string): void {
  const text = k8s.Quantity.fromString;
  const labels = { 'app.kubernetes.io/managed-by': 'hand', 'app.kubernetes.io/part-of': name };
  const levels = ['audit', 'enforce', 'warn'].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, 'restricted'],
    [`pod-security.kubernetes.io/${mode}-version`, 'v1.35'],
  ]);
  new k8s.KubeNamespace(chart, 'namespace', { metadata: { name, labels: { ...labels, ...Object.fromEntries(levels) } } });
  new k8s.KubeResourceQuota(chart, 'quota', {
    metadata: { name: 'quota', labels },
    spec: {
      hard: {
        'limits.cpu': text('80'),
        'limits.ephemeral-storage': text('100Gi'),
        'limits.memory': text('64Gi'),
        pods: text('100'),
        'requests.cpu': text('20'),
        'requests.ephemeral-storage': text('100Gi'),
        'requests.memory': text('64Gi'),
        'services.loadbalancers': text('0'),
        'services.nodeports': text('0'),
      },
    },
  });
  new k8s.KubeLimitRange(chart, 'limits', {
    metadata: { name: 'limits', labels },
    spec: {
      limits: [
        {
          type: 'Container',
          default: { cpu: text('400m'), 'ephemeral-storage': text('1Gi'), memory: text('256Mi') },
          defaultRequest: { cpu: text('100m'), 'ephemeral-storage': text('256Mi'), memory: text('256Mi') },
          max: { cpu: text('80'), 'ephemeral-storage': text('100Gi'), memory: text('64Gi') },
        },
      ],
    },
  });
  policy(chart, 'default-deny', {}, { policyTypes: ['Ingress', 'Egress'] });
  const port = k8s.IntOrString.fromNumber(53);
  policy(
    chart,
    'allow-dns',
    {},
    {
      policyTypes: ['Egress'],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
              podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
            },
          ],
          ports: [
            { protocol: 'UDP', port },
            { protocol: 'TCP', port },
          ],
        },
      ],
    },
  );
}

/** The generated class: the one of cdk8s-plus leaves `policyTypes` to be guessed. */
export function policy(
  chart: Chart,
  name: string,
  matchLabels: { [key: string]: string },
  spec: Omit<k8s.NetworkPolicySpec, 'podSelector'>,
): void {
  const podSelector = Object.keys(matchLabels).length === 0 ? {} : { matchLabels };
  new k8s.KubeNetworkPolicy(chart, name, { metadata: { name }, spec: { podSelector, ...spec } });
}
