import type { IConstruct } from 'constructs';
import { InputError } from '../error';

/** How aws-cdk-lib marks its stacks; the library itself may not be installed. */
const STACK = Symbol.for('@aws-cdk/core.Stack');

/** Gives the scope back, unless it lies in a CloudFormation stack, where no manifest is ever written. */
export function outsideStacks<S extends IConstruct>(scope: S, id: string): S {
  const stack = scope.node.scopes.find((ancestor) => STACK in ancestor);
  if (stack !== undefined) {
    throw new InputError(
      'ChartInStack',
      `'${id}' is placed in the stack '${stack.node.path}', which cannot write Kubernetes manifests; place it in a k8s.App`,
      { path: scope.node.path },
    );
  }
  return scope;
}
