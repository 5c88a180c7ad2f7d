package io.kaiseki.pipelines;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.kaiseki.inference.contract.AnswerLayout;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.contract.QuoteSource;
import io.kaiseki.inference.contract.UnsupportedSchemaException;

@AnalyzeClasses(packages = "io.kaiseki.pipelines", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule only_the_peer_of_the_bench_touches_native_code =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kaiseki.pipelines.bench.peer")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.sun.jna..", "de.kherud..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule of_the_contract_only_its_face_is_used =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.kaiseki.inference.contract..")
                  .and(
                      not(
                          belongToAnyOf(
                              Contract.class,
                              AnswerLayout.class,
                              AnswerType.class,
                              // Which quotes there are of a document, for what is held to the same.
                              QuoteSource.class,
                              UnsupportedSchemaException.class))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule only_routing_knows_the_language_of_conditions =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kaiseki.pipelines.routing")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.cel..");

  @ArchTest
  static final ArchRule routing_knows_nothing_of_analyses_and_jobs =
      noClasses()
          .that()
          .resideInAPackage("io.kaiseki.pipelines.routing")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.kaiseki.pipelines.analysis..",
              "io.kaiseki.pipelines.job..",
              "io.kaiseki.pipelines.cli..");

  @ArchTest
  static final ArchRule a_job_knows_nothing_of_what_becomes_of_its_dead_letters =
      noClasses()
          .that()
          .resideInAnyPackage("io.kaiseki.pipelines.job..", "io.kaiseki.pipelines.analysis..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.kaiseki.pipelines.deadletters..");

  @ArchTest
  static final ArchRule a_job_is_the_same_wherever_it_runs =
      noClasses()
          .that()
          .resideInAnyPackage("io.kaiseki.pipelines.job..", "io.kaiseki.pipelines.analysis..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.kaiseki.pipelines.cluster..");

  @ArchTest
  static final ArchRule a_bench_is_built_from_workload_over_arms_to_report =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("io.kaiseki.pipelines.bench..")
          .layer("workload")
          .definedBy("io.kaiseki.pipelines.bench.workload")
          .layer("peer")
          .definedBy("io.kaiseki.pipelines.bench.peer")
          .layer("arm")
          .definedBy("io.kaiseki.pipelines.bench.arm")
          .layer("report")
          .definedBy("io.kaiseki.pipelines.bench.report")
          .layer("bench")
          .definedBy("io.kaiseki.pipelines.bench")
          .whereLayer("bench")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("report")
          .mayOnlyBeAccessedByLayers("bench")
          .whereLayer("arm")
          .mayOnlyBeAccessedByLayers("report", "bench")
          .whereLayer("peer")
          .mayOnlyBeAccessedByLayers("arm");

  @ArchTest
  static final ArchRule an_evaluation_is_built_from_labels_and_metrics_over_runs_to_reports =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("io.kaiseki.pipelines.eval..")
          .layer("metrics")
          .definedBy("io.kaiseki.pipelines.eval.metrics")
          .layer("labels")
          .definedBy("io.kaiseki.pipelines.eval.labels")
          .layer("run")
          .definedBy("io.kaiseki.pipelines.eval.run")
          .layer("score")
          .definedBy("io.kaiseki.pipelines.eval.score")
          .layer("report")
          .definedBy("io.kaiseki.pipelines.eval.report")
          .layer("eval")
          .definedBy("io.kaiseki.pipelines.eval")
          .whereLayer("eval")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("report")
          .mayOnlyBeAccessedByLayers("eval")
          .whereLayer("score")
          .mayOnlyBeAccessedByLayers("report", "eval")
          .whereLayer("run")
          .mayOnlyBeAccessedByLayers("score", "report", "eval")
          .whereLayer("metrics")
          .mayOnlyBeAccessedByLayers("score", "report");

  @ArchTest
  static final ArchRule metrics_are_pure_and_know_nothing_of_the_rest =
      noClasses()
          .that()
          .resideInAPackage("io.kaiseki.pipelines.eval.metrics")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.kaiseki.inference..",
              "io.kaiseki.schemas..",
              "org.apache.flink..",
              "com.fasterxml..",
              "java.nio.file..",
              "java.io..");
}
