package io.kaiseki.desk.run;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.desk.api.DeskServer;
import io.kaiseki.desk.api.Endpoints;
import io.kaiseki.desk.api.Json;
import io.kaiseki.desk.feedback.FeedbackWriter;
import io.kaiseki.desk.model.AnswerCards;
import io.kaiseki.desk.text.SourceDocuments;
import io.kaiseki.desk.topology.DeskTopics;
import io.kaiseki.desk.topology.DeskTopology;
import io.kaiseki.desk.view.DeskView;
import io.kaiseki.desk.view.Details;
import io.kaiseki.desk.view.LocalRows;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeskSettings;
import io.kaiseki.pipelines.config.OwnNames;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistryRefusedException;
import io.kaiseki.schemas.registry.RegistryUnavailableException;
import io.kaiseki.schemas.registry.SubjectNaming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A desk that runs: the streams application, and the server over it. */
public final class Desk implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final CompletableFuture<Void> failure = new CompletableFuture<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final DeskSettings settings;
  private String url = "";

  private Desk(DeskSettings settings) {
    this.settings = settings;
  }

  /**
   * Starts one; it serves as soon as its state is restored.
   *
   * @param title what people call the analysis
   * @param createTopics whether its own two topics may be created
   * @param autoRegister whether the schema of feedback may be registered
   * @throws ConfigurationException with everything that the cluster or the registry lacks; nothing
   *     is left running
   */
  public static Desk start(
      DeskSettings settings, String title, boolean createTopics, boolean autoRegister) {
    Desk desk = new Desk(settings);
    boolean started = false;
    try {
      desk.open(title, new DeskReadiness.Permissions(createTopics, autoRegister));
      started = true;
      return desk;
    } finally {
      if (!started) {
        desk.close();
      }
    }
  }

  /** Where the page is. */
  public String url() {
    return url;
  }

  /** Completes, exceptionally, when it can't go on. */
  public Future<Void> failure() {
    return failure;
  }

  /** Ends everything, the last first; another instance takes over at once. */
  @Override
  public void close() {
    stopped.countDown();
    for (int i = opened.size() - 1; i >= 0; i--) {
      try {
        opened.get(i).close();
      } catch (Exception e) {
        // The others shall end all the same.
        LOG.warn("a part of the desk could not be ended: {}", e.toString(), e);
      }
    }
    opened.clear();
  }

  private void open(String title, DeskReadiness.Permissions permissions) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    DeskReadiness.Ready ready =
        new DeskReadiness(settings, permissions, problems)
            .establish()
            .orElseThrow(() -> new ConfigurationException(problems));
    HostInfo advertised = settings.advertised().map(HostInfo::buildFromEndpoint).orElse(null);
    DeskServer server =
        open(
            DeskServer.listen(
                settings.host(),
                settings.port(),
                settings.token(),
                names(settings.host(), advertised)));
    HostInfo self = advertised == null ? new HostInfo(settings.host(), server.port()) : advertised;
    SchemaRegistryClient client = open(settings.registry().connect());
    RegisteredSchemas schemas = new RegisteredSchemas(client, settings.registry().address());
    LocalRows rows = new LocalRows();
    DeskTopology topology =
        new DeskTopology(
            settings.analysis(),
            new DeskTopics(
                settings.documents(),
                settings.results(),
                settings.deadLetters(),
                settings.feedback(),
                settings.badRecords()),
            ready.partitions(),
            schemas,
            new AnswerCards(settings.unsure()),
            settings.retention(),
            stopped);
    KafkaStreams streams =
        new KafkaStreams(
            topology.build(rows), StreamsProperties.of(settings, self.host() + ":" + self.port()));
    opened.add(() -> close(streams));
    streams.setUncaughtExceptionHandler(this::failed);
    SourceDocuments texts =
        open(new SourceDocuments(settings.kafka(), schemas, settings.documents()));
    FeedbackWriter writer =
        open(new FeedbackWriter(settings.kafka(), settings.feedback(), ready.feedbackSchema()));
    DeskView view =
        new DeskView(
            streams,
            rows,
            new Details(schemas),
            self,
            ready.partitions(),
            settings.token().orElse(null),
            Json.mapper());
    streams.start();
    LatestColumns columns =
        new LatestColumns(
            schemas,
            SubjectNaming.TOPIC.valueSubject(settings.results(), Document.getClassSchema()));
    // Known before the first requests come, of which only one waits for the registry.
    columns.refresh();
    Endpoints endpoints =
        new Endpoints(view, columns, texts, writer, settings.analysis(), title, settings.unsure());
    server.serve(endpoints);
    open(new DeskGauges(streams, rows, view, endpoints::listeners));
    url = "http://" + OwnNames.inUrl(settings.host()) + ":" + server.port() + "/";
    LOG.info("desk started name={} url={}", settings.name(), url);
  }

  /** Its names besides those of loopback, which may be one and the same. */
  static Set<String> names(String host, @Nullable HostInfo advertised) {
    return advertised == null ? Set.of(host) : Set.copyOf(List.of(host, advertised.host()));
  }

  /** A thread that fell over trouble that may pass is replaced; for other trouble the desk ends. */
  private StreamThreadExceptionResponse failed(Throwable cause) {
    for (Throwable one = cause; one != null; one = one.getCause()) {
      if (one instanceof RegistryUnavailableException) {
        LOG.warn("registry unavailable, trying again cause={}", one.getMessage());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
      }
      if (one instanceof RegistryRefusedException) {
        break;
      }
    }
    LOG.error("desk failed name={}", settings.name(), cause);
    failure.completeExceptionally(cause);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private static void close(KafkaStreams streams) {
    boolean ended =
        streams.close(
            CloseOptions.timeout(CLOSE_LIMIT)
                .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    if (!ended) {
      LOG.warn("streams did not end within {} s", CLOSE_LIMIT.toSeconds());
    }
  }

  private <T extends AutoCloseable> T open(T resource) {
    opened.add(resource);
    return resource;
  }
}
