package io.kaiseki.pipelines.routing;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Map;
import java.util.Optional;

/**
 * The expression language with the types of one contract. It has no way out: no calls but its own,
 * no loops but over lists, and limits on what those and regular expressions may take.
 */
final class Expressions {

  private static final String PATTERN = "pattern";
  private static final int LONGEST = 10_000;
  private static final int ITERATIONS = 100_000;
  private static final int REGEX_PROGRAM = 10_000;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(LONGEST)
          .comprehensionMaxIterations(ITERATIONS)
          .maxRegexProgramSize(REGEX_PROGRAM)
          // answer.amount > 100, where the amount has digits behind the point.
          .enableHeterogeneousNumericComparisons(true)
          .build();

  private final CelCompiler compiler;

  Expressions(RouteTypes types) {
    compiler =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .setTypeProvider(types)
            .addVar(RouteTypes.ANSWER, RouteTypes.answer())
            .addVar(RouteTypes.CONFIDENCE, RouteTypes.confidence())
            .addVar(RouteTypes.LEAST_CONFIDENCE, SimpleType.DOUBLE)
            .setResultType(SimpleType.BOOL)
            .build();
  }

  /** Parses a condition and checks its types. */
  CelValidationResult compile(String condition) {
    return compiler.compile(condition);
  }

  /** What is wrong with a regular expression; the language knows fewer of them than Java. */
  static Optional<String> patternProblem(String pattern) {
    try {
      CelAbstractSyntaxTree matches =
          CelCompilerFactory.standardCelCompilerBuilder()
              .setOptions(OPTIONS)
              .addVar(PATTERN, SimpleType.STRING)
              .build()
              .compile("''.matches(" + PATTERN + ")")
              .getAst();
      program(matches).eval(Map.of(PATTERN, pattern));
      return Optional.empty();
    } catch (CelValidationException | CelEvaluationException e) {
      return Optional.of(
          "the regular expression " + pattern + " is not RE2: " + String.valueOf(e.getMessage()));
    }
  }

  /** Makes a checked expression ready to be evaluated, by any thread. */
  static CelRuntime.Program program(CelAbstractSyntaxTree checked) throws CelEvaluationException {
    return CelRuntimeFactory.plannerRuntimeBuilder()
        .setOptions(OPTIONS)
        .build()
        .createProgram(checked);
  }
}
