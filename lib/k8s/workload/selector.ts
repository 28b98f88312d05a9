import { InputError } from '../../error';

/**
 * How a workload finds its pods: labels that do not depend on where the construct stands, because Kubernetes refuses to change the selector of a live workload.
 */
export class Selector {
  /**
   * Keeps the labels by which a workload that is deployed already finds its pods.
   * Throws `SelectorEmpty`.
   */
  public static keep(labels: { [key: string]: string }): Selector {
    if (Object.keys(labels).length === 0) {
      throw new InputError('SelectorEmpty', 'a selector without labels selects every pod; name the labels of the live workload');
    }
    return new Selector({ ...labels });
  }

  /** The labels that must all match. */
  public readonly labels: { [key: string]: string };

  private constructor(labels: { [key: string]: string }) {
    this.labels = labels;
  }
}
