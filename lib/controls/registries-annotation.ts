/** Annotation of a Namespace: the registries that images of its pods come from, by host and path, with commas between. */
export const REGISTRIES_ANNOTATION = 'cdk-bulwark/registries';
