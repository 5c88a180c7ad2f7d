package io.kaiseki.desk;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.kaiseki.desk", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule packages_depend_in_one_direction =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("cli")
          .definedBy("io.kaiseki.desk.cli")
          .layer("run")
          .definedBy("io.kaiseki.desk.run")
          .layer("api")
          .definedBy("io.kaiseki.desk.api")
          .layer("view")
          .definedBy("io.kaiseki.desk.view")
          .layer("topology")
          .definedBy("io.kaiseki.desk.topology")
          .layer("text")
          .definedBy("io.kaiseki.desk.text")
          .layer("feedback")
          .definedBy("io.kaiseki.desk.feedback")
          .layer("model")
          .definedBy("io.kaiseki.desk.model")
          .layer("telemetry")
          .definedBy("io.kaiseki.desk.telemetry")
          .layer("state")
          .definedBy("io.kaiseki.desk.state")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("run")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("api")
          .mayOnlyBeAccessedByLayers("run")
          .whereLayer("view")
          .mayOnlyBeAccessedByLayers("api", "run")
          .whereLayer("topology")
          .mayOnlyBeAccessedByLayers("view", "run")
          .whereLayer("text")
          .mayOnlyBeAccessedByLayers("api", "run")
          .whereLayer("feedback")
          .mayOnlyBeAccessedByLayers("api", "run")
          .whereLayer("model")
          .mayOnlyBeAccessedByLayers("topology", "view", "feedback", "api", "run")
          .whereLayer("telemetry")
          .mayOnlyBeAccessedByLayers("topology", "view", "feedback", "api", "run")
          .whereLayer("state")
          .mayOnlyBeAccessedByLayers("model", "topology", "view");

  @ArchTest
  static final ArchRule the_desk_runs_without_flink_models_and_jobs =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink..",
              "io.kaiseki.inference..",
              "io.kaiseki.pipelines.analysis..",
              "io.kaiseki.pipelines.cli..",
              "io.kaiseki.pipelines.embedded..",
              "io.kaiseki.pipelines.job..");

  @ArchTest
  static final ArchRule what_is_measured_is_declared_and_made_in_one_place =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kaiseki.desk.telemetry")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.opentelemetry.api.GlobalOpenTelemetry");

  @ArchTest
  static final ArchRule only_the_api_knows_the_web_server =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kaiseki.desk.api")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..");
}
