package io.kaiseki.pipelines.routing;

import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.contract.Contract;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Applies the routes of an analysis to its results. All routes whose condition holds count, each
 * topic once. A condition that fails on a result, such as one that compares a null, does not hold
 * for it. Travels in a job graph; not safe for use by several threads.
 */
public final class Router implements Serializable {

  private static final long serialVersionUID = 1L;

  private final ArrayList<Route> routes;
  private final Contract contract;
  private transient @Nullable List<CelRuntime.Program> programs;

  /**
   * @param routes conditions that {@link RouteCheck} has no problem with
   * @param contract the contract of the answers
   */
  public Router(List<Route> routes, Contract contract) {
    this.routes = new ArrayList<>(routes);
    this.contract = contract;
  }

  /** The routes, in their order. */
  public List<Route> routes() {
    return List.copyOf(routes);
  }

  /**
   * Where a result goes besides the topic of all results.
   *
   * @param topics topics of the routes whose condition holds, in the order of the routes
   * @param failures routes whose condition could not be evaluated
   */
  public record Decision(Set<String> topics, List<Failure> failures) {}

  /**
   * A condition that failed on a result.
   *
   * @param route its number, from 0 on
   * @param error the kind of error; its text is left out because it may quote the answer
   */
  public record Failure(int route, String error) {}

  /** Evaluates all conditions. */
  public Decision decide(IndexedRecord answer, List<FieldConfidence> confidences) {
    Set<String> topics = new LinkedHashSet<>();
    List<Failure> failures = new ArrayList<>();
    if (routes.isEmpty()) {
      return new Decision(topics, failures);
    }
    Map<String, Object> values = RouteValues.of(contract.type(), answer, confidences);
    List<CelRuntime.Program> compiled = programs();
    for (int i = 0; i < compiled.size(); i++) {
      try {
        if (Boolean.TRUE.equals(compiled.get(i).eval(values))) {
          topics.add(routes.get(i).topic());
        }
      } catch (CelEvaluationException e) {
        failures.add(new Failure(i, String.valueOf(e.getErrorCode())));
      } catch (RuntimeException e) {
        failures.add(new Failure(i, e.getClass().getSimpleName()));
      }
    }
    return new Decision(topics, failures);
  }

  private List<CelRuntime.Program> programs() {
    List<CelRuntime.Program> ready = programs;
    if (ready == null) {
      Expressions expressions = new Expressions(new RouteTypes(contract));
      ready = new ArrayList<>();
      for (Route route : routes) {
        try {
          ready.add(Expressions.program(expressions.compile(route.when()).getAst()));
        } catch (CelValidationException | CelEvaluationException e) {
          throw new IllegalStateException("route was not checked: " + route.when(), e);
        }
      }
      programs = ready;
    }
    return ready;
  }
}
