import type { Json, JsonObject } from '../../../lib/inventory/value';

/** A pod with the level and version to judge it by. */
export interface Case {
  readonly level: 'baseline' | 'restricted';
  /** `1.37`. */
  readonly version: string;
  readonly pod: JsonObject;
}

export const LEVELS = ['baseline', 'restricted'] as const;
export const VERSIONS = Array.from({ length: 13 }, (_, index) => `1.${25 + index}`);

/** Numbers that are the same in every run: mulberry32. */
class Chance {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  is(probability: number): boolean {
    return this.next() < probability;
  }
  of<T>(options: readonly T[]): T {
    return options[Math.floor(this.next() * options.length)];
  }
  some<T>(options: readonly T[], most: number): T[] {
    return Array.from({ length: Math.floor(this.next() * (most + 1)) }, () => this.of(options));
  }
}

const HOSTS = ['', '10.0.0.1', '127.0.0.1', 'localhost', 'metadata.example.com', null];
const CAPABILITIES = [
  ...['NET_BIND_SERVICE', 'CHOWN', 'SETPCAP', 'SYS_CHROOT', 'AUDIT_WRITE', 'MKNOD', 'NET_RAW', 'NET_ADMIN', 'SYS_ADMIN', 'SYS_MODULE'],
  ...['SYS_PTRACE', 'BPF', 'ALL', 'all', 'CAP_CHOWN', 'net_bind_service'],
];
const SYSCTLS = [
  ...['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range'],
  ...['net.ipv4.ip_unprivileged_port_start', 'net.ipv4.ip_local_reserved_ports', 'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout'],
  ...['net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'],
  ...['net.ipv4.tcp_slow_start_after_idle', 'net.ipv4.tcp_notsent_lowat', 'kernel.msgmax', 'net.core.somaxconn', 'fs.mqueue.msg_max'],
];
/** Every volume source of the API, as small as it may be. */
const SOURCES: { readonly [source: string]: Json } = {
  awsElasticBlockStore: { volumeID: 'vol-1' },
  azureDisk: { diskName: 'disk', diskURI: 'https://disk.example.com' },
  azureFile: { secretName: 'secret', shareName: 'share' },
  cephfs: { monitors: ['10.0.0.1'] },
  cinder: { volumeID: 'volume' },
  configMap: { name: 'config' },
  csi: { driver: 'driver.example.com' },
  downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
  emptyDir: {},
  ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } } },
  fc: { targetWWNs: ['wwn'], lun: 0 },
  flexVolume: { driver: 'example.com/driver' },
  flocker: { datasetName: 'set' },
  gcePersistentDisk: { pdName: 'disk' },
  gitRepo: { repository: 'https://git.example.com/code.git' },
  glusterfs: { endpoints: 'endpoints', path: 'path' },
  hostPath: { path: '/var/log' },
  image: { reference: 'registry.example.com/models:1.0.0' },
  iscsi: { targetPortal: '10.0.0.1:3260', iqn: 'iqn.2001-04.com.example:storage', lun: 0 },
  nfs: { server: '10.0.0.1', path: '/' },
  persistentVolumeClaim: { claimName: 'data' },
  photonPersistentDisk: { pdID: 'disk' },
  portworxVolume: { volumeID: 'volume' },
  projected: { sources: [{ serviceAccountToken: { path: 'token', audience: 'vault' } }] },
  quobyte: { registry: '10.0.0.1:7861', volume: 'volume' },
  rbd: { monitors: ['10.0.0.1'], image: 'image' },
  scaleIO: { gateway: 'https://gateway.example.com', system: 'system', volumeName: 'volume', secretRef: { name: 'secret' } },
  secret: { secretName: 'secret' },
  storageos: { volumeName: 'volume' },
  vsphereVolume: { volumePath: '[store] volume' },
};

/** Starts from a pod that may hold everything and turns fields one by one into others, right and wrong. */
class Pods {
  constructor(
    private readonly chance: Chance,
    /** How likely each field is another than the restricted standard asks for. */
    private readonly wildness: number,
  ) {}

  pod(name: string): JsonObject {
    const { chance } = this;
    const windows = chance.is(0.12);
    const containers = this.containers('container', 1 + Math.floor(chance.next() * 2));
    const initContainers = chance.is(0.4) ? this.containers('init', 1) : undefined;
    const ephemeralContainers = chance.is(0.1) ? this.containers('debug', 1, true) : undefined;
    const spec: JsonObject = { containers, securityContext: this.podContext() };
    if (initContainers !== undefined) spec.initContainers = initContainers;
    if (ephemeralContainers !== undefined) spec.ephemeralContainers = ephemeralContainers;
    if (windows) spec.os = { name: 'windows' };
    else this.maybe(spec, 'os', [{ name: 'linux' }, null]);
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) this.maybe(spec, field, [true, true, false, null], 0.4);
    this.maybe(spec, 'hostUsers', [false, false, false, true, null], 2);
    if (chance.is(0.4)) spec.volumes = this.volumes();
    const metadata: JsonObject = { name };
    if (this.odd(0.7)) metadata.annotations = this.annotations();
    return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
  }

  private odd(factor = 1): boolean {
    return this.chance.is(this.wildness * factor);
  }

  private maybe(holder: JsonObject, field: string, options: readonly Json[], factor = 1): void {
    if (this.odd(factor)) holder[field] = this.chance.of(options);
  }

  private containers(name: string, count: number, ephemeral = false): JsonObject[] {
    return Array.from({ length: count }, (_, index) => {
      const container: JsonObject = { name: `${name}-${index}`, image: 'registry.example.com/app:1.0.0' };
      const securityContext = this.containerContext();
      if (!this.odd(0.3)) container.securityContext = securityContext;
      else if (this.chance.is(0.5)) container.securityContext = this.chance.of<Json>([null, {}]);
      if (ephemeral) return container;
      if (this.chance.is(0.4)) container.ports = this.ports(index);
      if (name !== 'init') {
        for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'])
          if (this.chance.is(0.15)) container[probe] = this.handler();
        if (this.chance.is(0.15)) container.lifecycle = this.lifecycle();
      }
      return container;
    });
  }

  private ports(index: number): Json {
    return this.chance.some([8080, 9090, 53], 2).map((containerPort, at) => {
      const port: JsonObject = { name: `port-${index}-${at}`, containerPort: containerPort + 10 * index + at };
      this.maybe(port, 'hostPort', [0, null, Number(port.containerPort)], 1.5);
      return port;
    });
  }

  private handler(): JsonObject {
    const host: JsonObject = this.odd() ? { host: this.chance.of<Json>(HOSTS) } : {};
    return this.chance.of<JsonObject>([
      { httpGet: { path: '/', port: 80, ...host } },
      { tcpSocket: { port: 80, ...host } },
      { exec: { command: ['true'] } },
    ]);
  }

  private lifecycle(): JsonObject {
    return this.chance.of<JsonObject>([
      { postStart: this.handler() },
      { preStop: this.handler() },
      { postStart: this.handler(), preStop: this.handler() },
      {},
    ]);
  }

  private profile(): Json {
    return this.chance.of<Json>([
      { type: 'RuntimeDefault' },
      { type: 'Localhost', localhostProfile: 'profile.json' },
      { type: 'Unconfined' },
      { type: 'Unconfined' },
      {},
      null,
    ]);
  }

  private seLinux(): Json {
    const options: JsonObject = {};
    if (this.chance.is(0.7))
      options.type = this.chance.of(['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t', 'spc_t']);
    if (this.chance.is(0.2)) options.user = this.chance.of(['', 'system_u']);
    if (this.chance.is(0.2)) options.role = this.chance.of(['', 'sysadm_r']);
    return this.chance.is(0.1) ? null : options;
  }

  private shared(context: JsonObject): void {
    this.maybe(context, 'runAsUser', [0, 0, 1000, 65534, null]);
    this.maybe(context, 'seLinuxOptions', [this.seLinux()]);
    this.maybe(context, 'appArmorProfile', [this.profile()], 0.6);
    this.maybe(context, 'windowsOptions', [{ hostProcess: true }, { hostProcess: false }, {}, null], 0.5);
  }

  private podContext(): Json {
    const { chance } = this;
    const context: JsonObject = {};
    if (!this.odd()) context.runAsNonRoot = true;
    else if (chance.is(0.6)) context.runAsNonRoot = chance.of<Json>([false, null]);
    if (!this.odd()) context.seccompProfile = { type: 'RuntimeDefault' };
    else if (chance.is(0.7)) context.seccompProfile = this.profile();
    this.shared(context);
    if (chance.is(0.25)) {
      const most = this.odd(2) ? SYSCTLS.length : 5;
      context.sysctls = [...new Set(chance.some(SYSCTLS.slice(0, most), 3))].map((name) => ({ name, value: '1' }));
    }
    return this.odd(0.2) ? chance.of<Json>([null, {}]) : context;
  }

  private containerContext(): JsonObject {
    const { chance } = this;
    const context: JsonObject = {};
    if (!this.odd()) context.allowPrivilegeEscalation = false;
    else if (chance.is(0.6)) context.allowPrivilegeEscalation = chance.of<Json>([true, null]);
    if (!this.odd()) context.capabilities = { drop: ['ALL'] };
    else context.capabilities = this.capabilities();
    if (chance.is(0.3)) context.runAsNonRoot = this.odd(2) ? chance.of<Json>([false, null]) : true;
    if (chance.is(0.3)) context.seccompProfile = this.odd(2) ? this.profile() : { type: 'RuntimeDefault' };
    this.maybe(context, 'privileged', [true, true, false, null], 0.5);
    this.maybe(context, 'procMount', ['Unmasked', 'Unmasked', 'Default', null]);
    this.shared(context);
    return context;
  }

  private capabilities(): Json {
    const { chance } = this;
    const lists: JsonObject = {};
    if (chance.is(0.7)) lists.drop = chance.of<Json>([['ALL'], ['ALL'], ['all'], ['NET_RAW', 'ALL'], ['NET_RAW'], [], null]);
    if (chance.is(0.7)) lists.add = chance.is(0.1) ? null : chance.some(chance.is(0.4) ? CAPABILITIES.slice(0, 3) : CAPABILITIES, 3);
    return chance.is(0.1) ? null : lists;
  }

  private volumes(): Json {
    const names = Object.keys(SOURCES);
    const safe = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'];
    return Array.from({ length: 1 + Math.floor(this.chance.next() * 3) }, (_, index) => {
      const volume: JsonObject = { name: `volume-${index}` };
      if (this.chance.is(0.1)) return volume;
      const source = this.chance.of(this.odd(2) ? names : safe);
      volume[source] = SOURCES[source];
      // Two sources are refused by validation, which the evaluator does not wait for; null is no source.
      if (this.odd(0.3)) volume[this.chance.of(names)] = null;
      if (this.odd(0.1)) volume.hostPath = { path: '/etc' };
      return volume;
    });
  }

  private annotations(): JsonObject {
    const container = this.chance.of(['container-0', 'init-0', 'elsewhere']);
    return {
      [`container.apparmor.security.beta.kubernetes.io/${container}`]: this.chance.of([
        '',
        'runtime/default',
        'localhost/profile',
        'unconfined',
        'Unconfined',
      ]),
    };
  }
}

/** Pods that are the same for the same seed; each is judged by one level and one version. */
export function* cases(count: number, seed: number): Generator<Case> {
  const chance = new Chance(seed);
  for (let index = 0; index < count; index += 1) {
    const pods = new Pods(chance, chance.of([0.01, 0.03, 0.06, 0.12, 0.3]));
    yield { level: chance.of(LEVELS), version: chance.of(VERSIONS), pod: pods.pod(`pod-${index}`) };
  }
}
