// The one thing of this package that runs. It is JavaScript, so that it needs no build where it is installed.

export function defineExtension(extension) {
  return extension;
}
