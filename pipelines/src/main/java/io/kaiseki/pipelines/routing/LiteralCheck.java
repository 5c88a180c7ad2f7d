package io.kaiseki.pipelines.routing;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.types.CelType;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.pipelines.config.NearestName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks at the text that stands in a condition. To the language a label is any text, so that a
 * comparison with one that a field never takes has the right types and is never true.
 */
final class LiteralCheck {

  private static final String EQUALS = "_==_";
  private static final String NOT_EQUALS = "_!=_";
  private static final String IN = "@in";
  private static final String MATCHES = "matches";

  private final RouteTypes types;
  private final CelAbstractSyntaxTree checked;
  private final Set<String> problems = new LinkedHashSet<>();

  LiteralCheck(RouteTypes types, CelAbstractSyntaxTree checked) {
    this.types = types;
    this.checked = checked;
  }

  /** A closed field, or a list of labels, by its name. */
  private record Labels(String field, List<String> symbols) {}

  List<String> problems() {
    parts(checked.getExpr())
        .filter(part -> part.getKind() == ExprKind.Kind.CALL)
        .forEach(part -> check(part.call()));
    return List.copyOf(problems);
  }

  private void check(CelCall call) {
    switch (call.function()) {
      case EQUALS, NOT_EQUALS -> {
        compare(call.args().get(0), Stream.of(call.args().get(1)));
        compare(call.args().get(1), Stream.of(call.args().get(0)));
      }
      case IN -> {
        CelExpr list = call.args().get(1);
        compare(list, Stream.of(call.args().get(0)));
        if (list.getKind() == ExprKind.Kind.LIST) {
          compare(call.args().get(0), list.list().elements().stream());
        }
      }
      case MATCHES ->
          call.args().stream()
              .flatMap(LiteralCheck::text)
              .forEach(pattern -> Expressions.patternProblem(pattern).ifPresent(problems::add));
      default -> {}
    }
  }

  private void compare(CelExpr field, Stream<CelExpr> with) {
    labels(field)
        .ifPresent(
            labels ->
                with.flatMap(LiteralCheck::text)
                    .filter(text -> !labels.symbols().contains(text))
                    .forEach(text -> problems.add(never(labels, text))));
  }

  private static String never(Labels labels, String text) {
    return "%s is never \"%s\"; %sit is one of %s"
        .formatted(
            labels.field(),
            text,
            NearestName.of(text, labels.symbols())
                .map(nearest -> "did you mean \"" + nearest + "\"? ")
                .orElse(""),
            String.join(", ", labels.symbols()));
  }

  private Optional<Labels> labels(CelExpr expression) {
    if (expression.getKind() != ExprKind.Kind.SELECT) {
      return Optional.empty();
    }
    String field = expression.select().field();
    return checked
        .getType(expression.select().operand().id())
        .map(CelType::name)
        .flatMap(type -> types.field(type, field))
        .map(type -> type instanceof AnswerType.Items items ? items.type() : type)
        .filter(AnswerType.Enumeration.class::isInstance)
        .map(type -> new Labels(field, ((AnswerType.Enumeration) type).symbols()));
  }

  /** An expression and all that it is made of. */
  private static Stream<CelExpr> parts(CelExpr expression) {
    return Stream.concat(Stream.of(expression), children(expression).flatMap(LiteralCheck::parts));
  }

  private static Stream<CelExpr> children(CelExpr expression) {
    return switch (expression.getKind()) {
      case SELECT -> Stream.of(expression.select().operand());
      case CALL ->
          Stream.concat(expression.call().target().stream(), expression.call().args().stream());
      case LIST -> expression.list().elements().stream();
      case MAP ->
          expression.map().entries().stream()
              .flatMap(entry -> Stream.of(entry.key(), entry.value()));
      case STRUCT -> expression.struct().entries().stream().map(CelExpr.CelStruct.Entry::value);
      // All, exists, filter and map are loops by now.
      case COMPREHENSION ->
          Stream.of(
              expression.comprehension().iterRange(),
              expression.comprehension().accuInit(),
              expression.comprehension().loopCondition(),
              expression.comprehension().loopStep(),
              expression.comprehension().result());
      case CONSTANT, IDENT, NOT_SET -> Stream.empty();
    };
  }

  private static Stream<String> text(CelExpr expression) {
    return expression.getKind() == ExprKind.Kind.CONSTANT
            && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
        ? Stream.of(expression.constant().stringValue())
        : Stream.empty();
  }
}
