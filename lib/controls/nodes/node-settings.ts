import type { Json, JsonObject } from '../../inventory/value';
import { isJsonObject, isOpen } from '../../inventory/value';
import { control, fail, pass, undecided, type Verdict } from '../control';
import { Severity } from '../severity';
import { setting } from '../template-examples';
import { at, firstOf } from '../template-values';
import { bare, elsewhere, launched, launchedNodes, withoutTemplate } from './launch-template';
import { OPEN, readUserData, userDataText } from './user-data';

const AT = 'Properties.LaunchTemplateData.UserData';

interface Rule {
  /** Path below `settings` of Bottlerocket, or below the NodeConfig. */
  readonly path: string;
  readonly right: (value: Json | undefined) => boolean;
  readonly want: string;
}
const yes = (value: Json | undefined): boolean => value === true;
/** Off or not said, where the system's own default is off. */
const off = (value: Json | undefined): boolean => value === undefined || value === false;
/** On or not said, where the system's own default is on. */
const on = (value: Json | undefined): boolean => value === undefined || value === true;
const some = (value: Json | undefined): boolean => typeof value === 'number' && value > 0;
/** 0 stands for no limit; the default of the kubelet is 50. */
const enough = (value: Json | undefined): boolean => value === undefined || value === 0 || (typeof value === 'number' && value >= 5);

const BOTTLEROCKET: readonly Rule[] = [
  { path: 'kernel.lockdown', right: (value) => value === 'integrity' || value === 'confidentiality', want: 'integrity' },
  { path: 'host-containers.admin.enabled', right: off, want: 'false' },
  { path: 'kubernetes.seccomp-default', right: yes, want: 'true' },
  { path: 'kubernetes.pod-pids-limit', right: some, want: 'a positive number' },
  { path: 'kubernetes.server-tls-bootstrap', right: on, want: 'true' },
  { path: 'kubernetes.event-qps', right: enough, want: 'at least 5' },
  // Without an API server the kubelet answers everyone.
  { path: 'kubernetes.standalone-mode', right: off, want: 'false' },
];
const NODEADM: readonly Rule[] = [
  { path: 'spec.kubelet.config.seccompDefault', right: yes, want: 'true' },
  { path: 'spec.kubelet.config.podPidsLimit', right: some, want: 'a positive number' },
  { path: 'spec.kubelet.config.serverTLSBootstrap', right: on, want: 'true' },
  { path: 'spec.kubelet.config.rotateCertificates', right: on, want: 'true' },
  { path: 'spec.kubelet.config.eventRecordQPS', right: enough, want: 'at least 5' },
  { path: 'spec.kubelet.config.readOnlyPort', right: (value) => value === undefined || value === 0, want: '0' },
  { path: 'spec.kubelet.config.authentication.anonymous.enabled', right: off, want: 'false' },
  { path: 'spec.kubelet.config.authorization.mode', right: (value) => value === undefined || value === 'Webhook', want: 'Webhook' },
  { path: 'spec.kubelet.config.streamingConnectionIdleTimeout', right: (value) => !/^0+[a-z]*$/.test(String(value)), want: 'more than 0' },
  { path: 'spec.kubelet.config.makeIPTablesUtilChains', right: on, want: 'true' },
];

function valueAt(settings: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = settings;
  for (const step of path.split('.')) value = isJsonObject(value) ? value[step] : undefined;
  return value;
}

function judgeRule(settings: JsonObject, { path, right, want }: Rule): Verdict {
  const value = valueAt(settings, path);
  if (typeof value === 'string' && value.includes(OPEN)) return undecided(`the setting ${path} is decided at deployment`, AT);
  return right(value)
    ? pass
    : fail(`the setting ${path} is ${value === undefined ? 'not set' : JSON.stringify(value)}, it must be ${want}`, AT);
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const toml = `[settings.kernel]
lockdown = "integrity"
[settings.host-containers.admin]
enabled = false
[settings.kubernetes]
seccomp-default = true
pod-pids-limit = 1024
server-tls-bootstrap = true
`;
const mime = (config: string): string =>
  `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="B"\n\n--B\nContent-Type: application/node.eks.aws\n\n---\napiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n    config:\n${config}\n--B--\n`;
const hard = '      seccompDefault: true\n      podPidsLimit: 1024\n';
const told = (data: string | JsonObject) => launched({ UserData: data });

export const nodeSettings = control({
  id: 'A-NOD-07',
  title: 'settings of nodes are hardened',
  because:
    'what the template leaves out is what the image happens to default to: no seccomp profile, and as many processes as the kernel has',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'isolation',
  boundary: 'node',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: launchedNodes,
  judge: (nodes) => {
    const missing = withoutTemplate(nodes, 'its nodes start with the settings of their image');
    if (missing !== undefined) return missing;
    const data = at(nodes.data, 'UserData');
    if (data === undefined) return fail('the launch template has no UserData, so nodes start with the settings of their image', AT);
    const text = userDataText(data);
    if (text === undefined) return undecided(`property UserData is decided at deployment (${isOpen(data) ? data : 'no text'})`, AT);
    const read = readUserData(text);
    if (read === undefined) return undecided('property UserData is neither settings of Bottlerocket nor a NodeConfig', AT);
    const rules = read.language === 'bottlerocket' ? BOTTLEROCKET : NODEADM;
    return firstOf(...rules.map((rule) => judgeRule(read.settings, rule)));
  },
  remedy:
    'in Bottlerocket set kernel.lockdown, kubernetes.seccomp-default and kubernetes.pod-pids-limit and leave the admin container off; with nodeadm seccompDefault and podPidsLimit of the kubelet',
  references: {
    cisEks: ['3.2.1', '3.2.2', '3.2.3', '3.2.4', '3.2.5', '3.2.6', '3.2.7', '3.2.8', '3.2.9'],
    urls: ['https://bottlerocket.dev/en/os/latest/api/settings/kubernetes/', 'https://awslabs.github.io/amazon-eks-ami/nodeadm/'],
  },
  examples: {
    holds: [
      told({ 'Fn::Base64': toml }),
      told(base64(toml)),
      told({
        'Fn::Base64': { 'Fn::Sub': `${toml}cluster-name = "\${Setting}"\n` },
      }),
      told(base64(mime(hard))),
    ],
    breaks: [
      bare,
      launched({}),
      told({ 'Fn::Base64': toml.replace('enabled = false', 'enabled = true') }),
      told({ 'Fn::Base64': toml.replace('pod-pids-limit = 1024', '') }),
      told({ 'Fn::Base64': toml.replace('server-tls-bootstrap = true', 'server-tls-bootstrap = false') }),
      told({ 'Fn::Base64': `${toml}standalone-mode = true\n` }),
      told({ 'Fn::Base64': toml.replace('"integrity"', '"none"') }),
      told(base64(mime('      podPidsLimit: 1024\n'))),
      told(base64(mime(`${hard}      readOnlyPort: 10255\n`))),
      told(base64(mime(`${hard}      authorization:\n        mode: AlwaysAllow\n`))),
    ],
    undecided: [
      elsewhere,
      told(setting),
      told(base64('#!/bin/bash\n/etc/eks/bootstrap.sh shop\n')),
      told({ 'Fn::Base64': { 'Fn::Sub': toml.replace('1024', '${Setting}') } }),
    ],
  },
});
