package io.kaiseki.schemas;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.kaiseki.schemas", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule schemas_know_nothing_of_flink_kafka_or_models =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink..",
              "org.apache.kafka..",
              "io.kaiseki.inference..",
              "io.kaiseki.pipelines..",
              "com.sun.jna..");

  @ArchTest
  static final ArchRule the_registry_does_not_know_the_wire_or_the_envelope =
      noClasses()
          .that()
          .resideInAPackage("..schemas.registry..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..schemas.wire..", "..schemas.envelope..");

  @ArchTest
  static final ArchRule packages_form_no_cycle =
      slices().matching("io.kaiseki.schemas.(*)..").should().beFreeOfCycles();
}
