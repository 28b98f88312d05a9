import type { Json, JsonObject } from '../inventory/value';
import type { Example } from './control';

/** A template of these resources; a parameter `Setting` is there for values that only deployment knows. */
export function template(resources: { readonly [logicalId: string]: JsonObject }, conditions?: JsonObject): Example {
  return {
    template: {
      Parameters: { Setting: { Type: 'String' } },
      ...(conditions === undefined ? {} : { Conditions: conditions }),
      Resources: { ...resources },
    },
  };
}

/** A resource of a type. */
export function resource(Type: string, Properties: JsonObject = {}, rest: JsonObject = {}): JsonObject {
  return { Type, Properties, ...rest };
}

/** The value that only deployment knows. */
export const setting: JsonObject = { Ref: 'Setting' };
export const ref = (logicalId: string): JsonObject => ({ Ref: logicalId });
export const getAtt = (logicalId: string, attribute: string): JsonObject => ({ 'Fn::GetAtt': [logicalId, attribute] });

/** An EKS cluster with these properties. */
export function cluster(properties: JsonObject = {}): JsonObject {
  return resource('AWS::EKS::Cluster', {
    Name: 'shop',
    ResourcesVpcConfig: {},
    RoleArn: 'arn:aws:iam::111122223333:role/eks',
    ...properties,
  });
}

/** A role that trusts by this statement. */
export function trusting(statement: JsonObject): JsonObject {
  return resource('AWS::IAM::Role', {
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] },
  });
}

/** A policy of one statement. */
export function policy(statement: JsonObject, type = 'AWS::IAM::Policy'): JsonObject {
  return resource(type, {
    PolicyName: 'p',
    Roles: ['r'],
    PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement } as Json] },
  });
}
