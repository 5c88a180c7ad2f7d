package io.kaiseki.pipelines.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the build lays out for Flink: its {@code lib} and the job jar. */
class FlinkLayoutIT {

  private static final Path HOME = Path.of("target", "kaiseki");
  private static final Path LIB = HOME.resolve("flink/lib");
  private static final Path JOB = HOME.resolve("flink/usrlib/kaiseki-job.jar");

  /** Flink itself, which is there already. */
  private static final List<String> FLINK =
      List.of(
          "RoaringBitmap",
          "asm-",
          "async-profiler",
          "commons-cli",
          "commons-collections",
          "commons-math3",
          "commons-text",
          "flink-annotations",
          "flink-clients",
          "flink-connector-datagen",
          "flink-core",
          "flink-datastream",
          "flink-file-sink",
          "flink-hadoop-fs",
          "flink-metrics",
          "flink-queryable-state",
          "flink-rpc",
          "flink-runtime",
          "flink-shaded",
          "flink-streaming",
          "javassist",
          "jsr305",
          "kryo",
          "log4j-",
          "minlog",
          "objenesis",
          "reflectasm",
          "slf4j-api",
          "snakeyaml-engine");

  /** What only the command needs: its broker, its servers, its archives, its screens. */
  private static final List<String> COMMAND =
      List.of(
          "HdrHistogram",
          "apache-mime4j",
          "argparse4j",
          "caffeine",
          "commons-beanutils",
          "commons-digester",
          "commons-numbers",
          "commons-rng",
          "commons-statistics",
          "commons-validator",
          "fontbox",
          "hash4j",
          "jakarta.",
          "javalin",
          "jetty-",
          "kotlin-",
          "jackson-dataformat-csv",
          "jcl-over-slf4j",
          "jline",
          "jopt-simple",
          "jose4j",
          "jsoup",
          "kafka-coordinator",
          "kafka-group",
          "kafka-metadata",
          "kafka-raft",
          "kafka-server",
          "kafka-share",
          "kafka-storage",
          "kafka-tools",
          "kafka-transaction",
          "kafka_2.13",
          "metrics-core",
          "pcollections",
          "pdfbox",
          "progressbar",
          "scala-");

  /** Annotations, which nothing asks for at run time. */
  private static final List<String> ANNOTATIONS =
      List.of(
          "annotations-",
          "auto-value-annotations",
          "error_prone_annotations",
          "j2objc",
          "jspecify",
          "listenablefuture");

  private static Set<String> job;

  @BeforeAll
  static void open() throws IOException {
    job = new HashSet<>(classes(JOB));
  }

  @Test
  void every_library_of_the_command_has_its_place_on_a_cluster_or_is_not_needed_there()
      throws IOException {
    Set<String> lib = names(LIB);
    for (Path jar : jars(HOME.resolve("lib"))) {
      String name = jar.getFileName().toString();
      boolean placed =
          lib.contains(name)
              || Stream.of(FLINK, COMMAND, ANNOTATIONS)
                  .flatMap(List::stream)
                  .anyMatch(name::startsWith)
              || job.containsAll(classes(jar));
      assertThat(placed)
          .as(
              "%s: is it for flink.libraries, for the job jar (both in pipelines/pom.xml), or not"
                  + " needed on a cluster?",
              name)
          .isTrue();
    }
  }

  @Test
  void no_class_is_in_both_the_job_jar_and_lib() throws IOException {
    for (Path jar : jars(LIB)) {
      assertThat(classes(jar)).as(jar.toString()).noneMatch(job::contains);
    }
  }

  @Test
  void the_job_jar_brings_no_flink_no_logging_and_no_native_model() {
    assertThat(job)
        .contains("io/kaiseki/pipelines/cli/SubmittedJob.class")
        .noneMatch(name -> name.startsWith("org/apache/flink/runtime/"))
        .noneMatch(name -> name.startsWith("org/slf4j/"))
        .noneMatch(name -> name.startsWith("org/apache/logging/"))
        .noneMatch(name -> name.startsWith("com/sun/jna/"))
        .noneMatch(name -> name.startsWith("de/kherud/"));
  }

  @Test
  void the_bill_of_materials_names_what_is_laid_out() throws IOException {
    JsonNode bill = JsonMapper.builder().build().readTree(HOME.resolve("flink/sbom.json").toFile());
    Set<String> components =
        Stream.iterate(0, i -> i < bill.path("components").size(), i -> i + 1)
            .map(i -> bill.path("components").get(i))
            .map(one -> one.path("name").asText() + "-" + one.path("version").asText() + ".jar")
            .collect(Collectors.toSet());

    assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(components).containsAll(names(LIB));
    assertThat(HOME.resolve("THIRD-PARTY.txt")).content().contains("(Apache-2.0)");
  }

  private static Set<String> names(Path directory) throws IOException {
    return jars(directory).stream()
        .map(jar -> jar.getFileName().toString())
        .collect(Collectors.toSet());
  }

  private static List<Path> jars(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static List<String> classes(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".class"))
          .filter(name -> !name.startsWith("META-INF/") && !name.equals("module-info.class"))
          .toList();
    }
  }
}
