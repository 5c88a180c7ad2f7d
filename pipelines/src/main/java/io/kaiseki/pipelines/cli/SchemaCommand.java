package io.kaiseki.pipelines.cli;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.routing.Route;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import io.kaiseki.schemas.registry.PortableSchema;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.registry.SubjectNaming;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The schemas that an analysis reads and writes. */
@Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    description = "Prints, checks or registers the schemas of an analysis.",
    subcommands = {
      SchemaCommand.Print.class,
      SchemaCommand.Compatibility.class,
      SchemaCommand.Register.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki schema print ticket-triage",
      "  kaiseki schema compatibility ticket-triage --registry http://localhost:8081",
      "  kaiseki schema register ticket-triage --registry http://localhost:8081"
    })
final class SchemaCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  SchemaCommand() {}

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Say what to do: one of the commands below.");
  }

  /** Prints the envelope. */
  @Command(
      name = "print",
      mixinStandardHelpOptions = true,
      description = "Prints the schema of the results, as consumers find it in the registry.",
      footerHeading = "%nExample:%n",
      footer = "  kaiseki schema print ticket-triage > result.avsc")
  static final class Print extends OnAnalysis {
    @Override
    void apply(AnalysisDefinition definition, PrintWriter out) {
      Schema envelope = ResultEnvelope.of(definition.name(), definition.resultSchema()).schema();
      out.println(SchemaFormatter.format("json/pretty", PortableSchema.of(envelope)));
    }
  }

  /** Compares with what is registered. */
  @Command(
      name = "compatibility",
      mixinStandardHelpOptions = true,
      description = "Says whether the schemas fit those that are registered for the topics.",
      footerHeading = "%nExample:%n",
      footer = "  kaiseki schema compatibility ./my-analysis --registry http://localhost:8081")
  static final class Compatibility extends OnRegistry {
    @Override
    void apply(SchemaRegistration registration, String subject, Schema schema, PrintWriter out) {
      registration.checkCompatible(subject, schema);
      out.println(subject + ": " + schema.getFullName() + " fits");
    }
  }

  /** Registers. */
  @Command(
      name = "register",
      mixinStandardHelpOptions = true,
      description = "Registers the schemas of the documents, results and dead letters topics.",
      footerHeading = "%nExample:%n",
      footer = "  kaiseki schema register ./my-analysis --config kaiseki.yaml")
  static final class Register extends OnRegistry {
    @Override
    void apply(SchemaRegistration registration, String subject, Schema schema, PrintWriter out) {
      int id = registration.ensureRegistered(subject, schema, true);
      out.println(subject + ": " + schema.getFullName() + " has id " + id);
    }
  }

  /** What needs an analysis and nothing else. */
  abstract static class OnAnalysis implements Callable<Integer> {

    @Mixin final AnalysisOptions options = new AnalysisOptions();

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    OnAnalysis() {}

    abstract void apply(AnalysisDefinition definition, PrintWriter out) throws IOException;

    @Override
    public final Integer call() throws IOException {
      AnalysisDefinition definition = options.definition();
      PrintWriter out = spec.commandLine().getOut();
      apply(definition, out);
      out.flush();
      return ExitCode.OK;
    }
  }

  /** What needs a registry as well. */
  abstract static class OnRegistry extends OnAnalysis {

    abstract void apply(
        SchemaRegistration registration, String subject, Schema schema, PrintWriter out);

    @Override
    final void apply(AnalysisDefinition definition, PrintWriter out) throws IOException {
      List<ConfigurationProblem> problems = new ArrayList<>();
      Optional<RegistrySettings> registry = options.registry(problems);
      if (registry.isEmpty() || !problems.isEmpty()) {
        throw new ConfigurationException(problems);
      }
      try (SchemaRegistryClient client = registry.get().connect()) {
        SchemaRegistration registration = new SchemaRegistration(client, registry.get().address());
        subjects(definition)
            .forEach((subject, schema) -> apply(registration, subject, schema, out));
      }
    }

    private static Map<String, Schema> subjects(AnalysisDefinition definition) {
      Map<String, Schema> subjects = new LinkedHashMap<>();
      put(subjects, definition.topics().documents(), Document.getClassSchema());
      put(
          subjects,
          definition.topics().results(),
          ResultEnvelope.of(definition.name(), definition.resultSchema()).schema());
      put(subjects, definition.topics().deadLetters(), DeadLetter.getClassSchema());
      for (Route route : definition.routes()) {
        put(
            subjects,
            route.topic(),
            ResultEnvelope.of(definition.name(), definition.resultSchema()).schema());
      }
      return subjects;
    }

    private static void put(Map<String, Schema> subjects, String topic, Schema schema) {
      subjects.put(SubjectNaming.TOPIC.valueSubject(topic, schema), schema);
    }
  }
}
