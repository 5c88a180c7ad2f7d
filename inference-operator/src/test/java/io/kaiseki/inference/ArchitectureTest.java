package io.kaiseki.inference;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The direction of the packages. Rules hold for packages that do not exist yet as well. */
@AnalyzeClasses(packages = "io.kaiseki.inference", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String[] ENGINES_AND_GLUE = {
    "io.kaiseki.inference.llamacpp..",
    "io.kaiseki.inference.openai..",
    "io.kaiseki.inference.flink..",
    "io.kaiseki.inference.sql.."
  };

  @ArchTest
  static final ArchRule only_the_flink_and_sql_packages_know_flink =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.kaiseki.inference.flink..", "io.kaiseki.inference.sql..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.flink..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule only_the_llamacpp_package_reaches_native_code =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kaiseki.inference.llamacpp..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.sun.jna..", "de.kherud..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule the_api_knows_of_no_other_package_but_the_contract =
      noClasses()
          .that()
          .resideInAPackage("io.kaiseki.inference")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.kaiseki.inference.*..")
                  .and(not(resideInAPackage("io.kaiseki.inference.contract.."))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule contract_and_prompt_know_neither_engines_nor_flink =
      noClasses()
          .that()
          .resideInAnyPackage("io.kaiseki.inference.contract..", "io.kaiseki.inference.prompt..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ENGINES_AND_GLUE)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule gguf_stands_alone =
      noClasses()
          .that()
          .resideInAPackage("io.kaiseki.inference.gguf..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.kaiseki..")
                  .and(not(resideInAPackage("io.kaiseki.inference.gguf.."))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule the_library_knows_nothing_of_kafka_or_of_the_modules_above_it =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "io.kaiseki.pipelines..")
          .allowEmptyShould(true);

  /** The API itself is no slice: an analysis holds a contract, and a contract speaks its words. */
  @ArchTest
  static final ArchRule packages_form_no_cycle =
      slices()
          .matching("io.kaiseki.inference.(*)..")
          .should()
          .beFreeOfCycles()
          .allowEmptyShould(true);
}
