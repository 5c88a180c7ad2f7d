package io.kaiseki.inference.llamacpp.build;

/**
 * A file of a build, as it must be.
 *
 * @param path where it stands in the package
 * @param bytes its size
 * @param sha256 its SHA-256 in lower-case hex
 */
public record PinnedFile(String path, long bytes, String sha256) {

  /** Its name where it is installed: all files of a build lie in one directory. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
