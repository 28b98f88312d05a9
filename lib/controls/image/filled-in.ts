import { pass, undecided, type Verdict } from '../control';
import { containersOf, type PodTemplate } from '../pod-template';
import { isPlaceholder } from './reference';

const never = (): boolean => false;

/** Undecided at the first container whose image somebody still fills in, unless what is there of its name decides already. */
export function unlessFilledIn(pod: PodTemplate, decides: (image: string) => boolean = never): Verdict {
  for (const { body, label, at } of containersOf(pod)) {
    const { image } = body;
    if (typeof image !== 'string' || !isPlaceholder(image) || decides(image)) continue;
    return undecided(`${label} has the image '${image}', which is known only when it is filled in`, `${at}.image`);
  }
  return pass;
}
