import { isObject } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { Severity } from '../severity';
import { setting } from '../template-examples';
import { at, firstOf, judgeValue, listAt } from '../template-values';
import { bare, elsewhere, launched, launchedNodes, withoutTemplate } from './launch-template';

const PATH = 'LaunchTemplateData.BlockDeviceMappings';
const disk = (DeviceName: string, Ebs: object) => ({ DeviceName, Ebs: { ...Ebs } });
const encrypted = { Encrypted: true, KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1' };

/** Bottlerocket has two volumes: the system on /dev/xvda, and what containers write on /dev/xvdb. */
export const volumeEncryption = control({
  id: 'A-NOD-04',
  title: 'all volumes of nodes are encrypted with a customer key',
  because: 'images, logs, scratch files and mounted secrets of every pod lie on them, and in their snapshots',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'encryption',
  boundary: 'node',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: launchedNodes,
  judge: (nodes) => {
    const missing = withoutTemplate(nodes, 'its volumes are encrypted only where the account says so');
    if (missing !== undefined) return missing;
    const mappings = listAt(nodes.data, 'BlockDeviceMappings').filter(isObject);
    if (mappings.length === 0)
      return fail('the launch template maps no volumes, so those of the image are used as they are', `Properties.${PATH}`);
    const devices = mappings.map((mapping) => mapping.DeviceName);
    const bottlerocket = typeof nodes.nodes.properties.AmiType === 'string' && nodes.nodes.properties.AmiType.startsWith('BOTTLEROCKET_');
    const unmapped = bottlerocket ? ['/dev/xvda', '/dev/xvdb'].filter((device) => !devices.includes(device)) : [];
    if (unmapped.length > 0) return fail(`the launch template does not map the volume ${unmapped.join(', ')}`, `Properties.${PATH}`);
    return firstOf(
      ...mappings.map((mapping, index) =>
        judgeValue(
          at(mapping, 'Ebs.Encrypted'),
          `${PATH}[${index}].Ebs.Encrypted`,
          (value) => value === true || value === 'true',
          (shown) => `volume ${mapping.DeviceName} has Encrypted ${shown}`,
        ),
      ),
      ...mappings.map((mapping, index) =>
        at(mapping, 'Ebs.KmsKeyId') === undefined
          ? fail(`volume ${mapping.DeviceName} names no customer key`, `Properties.${PATH}[${index}].Ebs.KmsKeyId`)
          : pass,
      ),
    );
  },
  remedy: 'map every volume in the launch template with Ebs.Encrypted true and Ebs.KmsKeyId',
  references: { fsbp: ['EC2.3', 'EC2.181'], scanners: { checkov: ['CKV_AWS_3'] } },
  examples: {
    holds: [
      launched({ BlockDeviceMappings: [disk('/dev/xvda', encrypted), disk('/dev/xvdb', encrypted)] }, { AmiType: 'BOTTLEROCKET_x86_64' }),
    ],
    breaks: [
      bare,
      launched({}),
      launched({ BlockDeviceMappings: [disk('/dev/xvda', { Encrypted: true })] }),
      launched({ BlockDeviceMappings: [disk('/dev/xvda', { ...encrypted, Encrypted: false })] }),
      launched({ BlockDeviceMappings: [disk('/dev/xvda', encrypted)] }, { AmiType: 'BOTTLEROCKET_x86_64' }),
    ],
    undecided: [elsewhere, launched({ BlockDeviceMappings: [disk('/dev/xvda', { ...encrypted, Encrypted: setting })] })],
  },
});
