package io.kaiseki.pipelines.backfill.archive;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files below some folders, in an order that is the same on every machine: by name, folder by
 * folder. Names that begin with a dot, links to folders, pipes and the like, and files of other
 * formats are passed over.
 *
 * <p>A document is named by its path in the folder that was given. Where several were given, their
 * names stand in front.
 */
public final class Archive {

  private final List<Path> roots;
  private final @Nullable Format format;
  private final Map<String, Integer> passedOver = new TreeMap<>();

  /**
   * An archive; nothing is read yet.
   *
   * @param roots files and folders
   * @param format of every file; null for what the name of each says
   */
  public Archive(List<Path> roots, @Nullable Format format) {
    this.roots = List.copyOf(roots);
    this.format = format;
  }

  /** Takes each file in turn. */
  @FunctionalInterface
  public interface FileConsumer {
    void accept(ArchiveFile file) throws IOException;
  }

  /** Notes what is wrong with the files and folders that were given. */
  public void check(Collection<ConfigurationProblem> problems) {
    Set<String> names = new HashSet<>();
    for (Path root : roots) {
      if (!Files.isReadable(root)) {
        problems.add(problem(root, "no such file or folder, or not readable by this user"));
      } else if (isReadOnce(root)) {
        problems.add(
            problem(root, "neither a file nor a folder; write what comes from it to a file first"));
      } else if (!names.add(name(root))) {
        problems.add(
            problem(root, "another source has the same name, so ids would clash; run it apart"));
      } else if (Files.isRegularFile(root) && formatOf(name(root)).isEmpty()) {
        problems.add(
            problem(root, "no known format by its name; --format says which: " + Format.words()));
      }
    }
  }

  /** Goes through all files. */
  public void forEach(FileConsumer consumer) throws IOException {
    passedOver.clear();
    for (Path root : roots) {
      String prefix = roots.size() > 1 ? name(root) : "";
      if (Files.isDirectory(root)) {
        folder(root, prefix, consumer);
      } else {
        file(root, name(root), consumer);
      }
    }
  }

  /** How many files were passed over at the last walk, by the end of their names. */
  public Map<String, Integer> passedOver() {
    return passedOver;
  }

  private void folder(Path folder, String prefix, FileConsumer consumer) throws IOException {
    List<Path> children = new ArrayList<>();
    try (Stream<Path> listed = Files.list(folder)) {
      listed.forEach(children::add);
    }
    children.sort((a, b) -> name(a).compareTo(name(b)));
    for (Path child : children) {
      String id = prefix.isEmpty() ? name(child) : prefix + "/" + name(child);
      if (name(child).startsWith(".")) {
        passedOver.merge(".*", 1, Integer::sum);
      } else if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
        folder(child, id, consumer);
      } else {
        file(child, id, consumer);
      }
    }
  }

  private void file(Path path, String id, FileConsumer consumer) throws IOException {
    Optional<Format> found = formatOf(name(path));
    if (found.isPresent() && !Files.isDirectory(path) && !isReadOnce(path)) {
      consumer.accept(new ArchiveFile(path, id, found.get()));
    } else {
      String name = name(path);
      passedOver.merge(
          name.indexOf('.') < 0 ? name : name.substring(name.lastIndexOf('.')), 1, Integer::sum);
    }
  }

  /** Whether it is a pipe, a device or a socket: what counts its documents would use them up. */
  private static boolean isReadOnce(Path path) {
    return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
  }

  private Optional<Format> formatOf(String name) {
    return format != null ? Optional.of(format) : Format.ofName(name);
  }

  private static String name(Path path) {
    Path name = path.toAbsolutePath().normalize().getFileName();
    return name == null ? path.toString() : name.toString();
  }

  private static ConfigurationProblem problem(Path root, String remedy) {
    return new ConfigurationProblem("--from", root.toString(), remedy);
  }
}
