import { control } from '../control';
import { cronJob, manifests, pod, secured, withInit } from '../pod-examples';
import { celHas, celSecurityContexts, child, everySecurityContext, isSet, minor, podCel, workload } from '../pod-template';
import { Severity } from '../severity';

const TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
const TYPES_FROM_31 = [...TYPES, 'container_engine_t'];

/** PSS baseline, check seLinuxOptions; from 1.31 one more type is allowed. */
export const seLinux = control({
  ...workload,
  id: 'K-CTR-19',
  title: 'no pod chooses an SELinux domain of its own',
  because: 'another type, user or role such as spc_t lifts the rules that keep a container away from the files and processes of its node',
  severity: Severity.MEDIUM,
  judge: (pod, context) => {
    const types = minor(context) >= 31 ? TYPES_FROM_31 : TYPES;
    return everySecurityContext(pod, 'seLinuxOptions', (securityContext) => {
      if (!isSet(securityContext.seLinuxOptions)) return undefined;
      const { type, user, role } = child(securityContext, 'seLinuxOptions');
      if (isSet(type) && !types.includes(type as string)) return `sets the SELinux type ${type}, it must be one for containers`;
      if (isSet(user) && user !== '') return `sets the SELinux user ${user}, it must be missing`;
      return isSet(role) && role !== '' ? `sets the SELinux role ${role}, it must be missing` : undefined;
    });
  },
  remedy: 'remove seLinuxOptions, or leave type container_t and a level only',
  references: {
    pss: 'baseline',
    nsa: ['pod-security'],
    scanners: { kubescape: ['C-0055'], polaris: ['linuxHardening'], trivy: ['KSV-0025'] },
  },
  cel: podCel((spec) =>
    celSecurityContexts(spec, (context) => {
      const options = `${context}.seLinuxOptions`;
      const unset = (field: string): string => `!${celHas(context, `seLinuxOptions.${field}`, (value) => `${value} != ''`)}`;
      return `(!has(${options}) || (${unset('user')} && ${unset('role')} && (!has(${options}.type) || ${options}.type in [${TYPES_FROM_31.map((type) => `'${type}'`).join(', ')}])))`;
    }),
  ),
  examples: {
    holds: manifests(
      pod(),
      pod({ securityContext: { seLinuxOptions: { type: 'container_t', level: 's0:c123,c456' } } }),
      secured({ seLinuxOptions: { type: 'container_engine_t' } }),
    ),
    breaks: manifests(
      pod({ securityContext: { seLinuxOptions: { type: 'spc_t' } } }),
      cronJob(secured({ seLinuxOptions: { user: 'system_u' } })),
      withInit(pod(), { securityContext: { seLinuxOptions: { role: 'sysadm_r' } } }),
    ),
  },
});
