package io.kaiseki.pipelines.routing;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.runtime.CelEvaluationException;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.config.NearestName;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says everything that is wrong with a condition, before anything runs: its form, fields that the
 * schema does not have, types that do not go together, and labels that a closed field never takes.
 */
public final class RouteCheck {

  private static final Pattern UNDEFINED_FIELD = Pattern.compile("undefined field '([^']*)'");
  private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*");
  private static final List<String> VARIABLES =
      List.of(RouteTypes.ANSWER, RouteTypes.CONFIDENCE, RouteTypes.LEAST_CONFIDENCE);

  private final RouteTypes types;
  private final Expressions expressions;
  private final FieldList fields;

  /** Checks against the fields of this contract. */
  public RouteCheck(Contract contract) {
    types = new RouteTypes(contract);
    expressions = new Expressions(types);
    fields = new FieldList(contract.type());
  }

  /** What is wrong with a condition, and what is allowed; nothing where it is good. */
  public List<String> problems(String condition) {
    CelValidationResult result = expressions.compile(condition);
    if (result.hasError()) {
      return result.getErrors().stream().map(this::explained).distinct().toList();
    }
    try {
      CelAbstractSyntaxTree checked = result.getAst();
      Expressions.program(checked);
      return new LiteralCheck(types, checked).problems();
    } catch (CelValidationException | CelEvaluationException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private String explained(CelIssue issue) {
    String where = "at character " + (issue.getSourceLocation().getColumn() + 1) + ", ";
    Matcher field = UNDEFINED_FIELD.matcher(issue.getMessage());
    if (field.matches()) {
      return where + "there is no field " + field.group(1) + "; " + fields.near(field.group(1));
    }
    Matcher name = UNDECLARED.matcher(issue.getMessage());
    if (name.matches()) {
      return where
          + "unknown name "
          + name.group(1)
          + "; "
          + NearestName.hint(
              name.group(1), VARIABLES, "a condition speaks of " + String.join(", ", VARIABLES));
    }
    return where + issue.getMessage() + "; " + fields;
  }
}
