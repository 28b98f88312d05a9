import { control } from '../control';
import { cronJob, manifests, pod, secured, withInit } from '../pod-examples';
import { celHas, celSecurityContexts, child, everySecurityContext, isSet, podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/** PSS baseline, check windowsHostProcess. */
export const windowsHostProcess = control({
  ...workload,
  id: 'K-POD-12',
  title: 'containers are no processes of a Windows node',
  because: 'a host process runs outside of any container, as an account of the node and with its files',
  severity: Severity.HIGH,
  boundary: 'pod',
  judge: (pod) =>
    everySecurityContext(pod, 'windowsOptions.hostProcess', (securityContext) => {
      if (!isSet(securityContext.windowsOptions)) return undefined;
      const { hostProcess } = child(securityContext, 'windowsOptions');
      return isSet(hostProcess) && hostProcess !== false
        ? `sets hostProcess ${shown(hostProcess)}, it must be false or missing`
        : undefined;
    }),
  remedy: 'remove windowsOptions.hostProcess; accept it for a node agent with an exemption',
  references: {
    pss: 'baseline',
    cisKubernetes: ['5.2.10'],
    nsa: ['pod-security'],
    scanners: { kubescape: ['C-0202'], polaris: ['hostProcess'], trivy: ['KSV-0103'] },
  },
  cel: podCel((spec) => celSecurityContexts(spec, (context) => `!${celHas(context, 'windowsOptions.hostProcess', (value) => value)}`)),
  examples: {
    holds: manifests(pod(), pod({ os: { name: 'windows' }, securityContext: { windowsOptions: { hostProcess: false } } })),
    breaks: manifests(
      pod({ hostNetwork: true, os: { name: 'windows' }, securityContext: { windowsOptions: { hostProcess: true } } }),
      cronJob(secured({ windowsOptions: { hostProcess: true } }, { hostNetwork: true })),
      withInit(secured({ windowsOptions: { hostProcess: true } }, { hostNetwork: true }), {
        securityContext: { windowsOptions: { hostProcess: true } },
      }),
    ),
  },
});
