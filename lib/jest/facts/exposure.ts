import { isObject, listOf } from '../../inventory';
import { word } from '../names';
import type { FactProducer } from './fact';

const ANYWHERE = '0.0.0.0/0';

/** Who can knock at the API of a cluster from outside of its VPC: `expose CLUSTER to RANGE`, one line a range. */
export const exposure: FactProducer = {
  kinds: [{ word: 'expose', widens: 'added' }],
  *produce({ inventory }, names) {
    for (const cluster of inventory.ofType('AWS::EKS::Cluster')) {
      const { ResourcesVpcConfig } = cluster.properties;
      const { EndpointPublicAccess, PublicAccessCidrs } = isObject(ResourcesVpcConfig)
        ? ResourcesVpcConfig
        : { EndpointPublicAccess: undefined, PublicAccessCidrs: undefined };
      if (EndpointPublicAccess === false || EndpointPublicAccess === 'false') continue;
      // EKS opens the endpoint, and to everybody, unless it is told not to.
      const ranges = listOf(PublicAccessCidrs);
      for (const range of ranges.length === 0 ? [ANYWHERE] : ranges) {
        yield { line: `expose ${word(names.of(cluster))} to ${word(names.text(range))}`, resource: cluster };
      }
    }
  },
};
