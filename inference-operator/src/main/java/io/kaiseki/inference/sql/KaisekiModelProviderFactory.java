package io.kaiseki.inference.sql;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.factories.ModelProviderFactory;
import org.apache.flink.table.ml.ModelProvider;

/**
 * Makes a local model available as {@code 'provider' = 'kaiseki'}.
 *
 * <pre>{@code
 * CREATE MODEL triage
 * INPUT (text STRING)
 * OUTPUT (category STRING, urgent BOOLEAN)
 * WITH (
 *   'provider' = 'kaiseki',
 *   'model' = '/models/DeepSeek-R1-Distill-Qwen-1.5B-Q4_0.gguf',
 *   'instructions' = 'Sort the ticket.',
 *   'enum.category' = 'billing,delivery,other',
 *   'required' = '*'
 * )
 * }</pre>
 *
 * Flink calls it when a statement that uses the model is planned. The engine is started on the
 * TaskManagers, one per process for equal settings, whatever the number of models and statements.
 */
public final class KaisekiModelProviderFactory implements ModelProviderFactory {

  /** The value of {@code 'provider'}. */
  public static final String IDENTIFIER = "kaiseki";

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(SqlModelOptions.MODEL);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    Set<ConfigOption<?>> optional = new LinkedHashSet<>(SqlModelOptions.all());
    optional.removeAll(requiredOptions());
    return optional;
  }

  /**
   * Reads and checks a model.
   *
   * @throws ValidationException naming every problem with its option or column
   */
  @Override
  public ModelProvider createModelProvider(Context context) {
    return new KaisekiModelProvider(
        SqlModelReader.read(
            context.getObjectIdentifier().getObjectName(), context.getCatalogModel()),
        context.getConfiguration());
  }
}
