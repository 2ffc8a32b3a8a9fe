package io.spectrawatch.flink.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;

/**
 * The one declaration of a setting: its key, type, default, allowed values and meaning, and whether
 * records name it.
 *
 * <pre>{@code
 * static final Setting<Integer> SKETCH_ROWS =
 *         SETTINGS.add(
 *                 Setting.integer("sketch.rows", 64)
 *                         .in(between(1, 4096))
 *                         .means(Importance.MEDIUM, "Directions a sketch keeps, l.")
 *                         .recorded());
 * }</pre>
 *
 * @param <T> what it is read as
 */
public final class Setting<T> {

    private final String key;
    private final Type type;
    private final Object usual;
    private final BiFunction<String, Object, T> reader;
    private final Validator allowed;
    private final Importance importance;
    private final String meaning;
    private final boolean recorded;

    private Setting(
            String key,
            Type type,
            Object usual,
            BiFunction<String, Object, T> reader,
            Validator allowed,
            Importance importance,
            String meaning,
            boolean recorded) {
        this.key = key;
        this.type = type;
        this.usual = usual;
        this.reader = reader;
        this.allowed = allowed;
        this.importance = importance;
        this.meaning = meaning;
        this.recorded = recorded;
    }

    private static <T> Setting<T> of(
            String key, Type type, Object usual, BiFunction<String, Object, T> reader) {
        return new Setting<>(key, type, usual, reader, null, Importance.LOW, "", false);
    }

    private static <T> Setting<T> of(String key, Type type, T usual, Class<T> read) {
        return of(key, type, usual, (name, value) -> read.cast(value));
    }

    /** A text that must be given, and not be empty. */
    public static Setting<String> required(String key) {
        return of(
                        key,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        (name, value) -> String.class.cast(value))
                .in(new NonEmptyString());
    }

    public static Setting<String> text(String key, String usual) {
        return of(key, Type.STRING, usual, String.class);
    }

    /** A name that must not be empty. */
    public static Setting<String> name(String key, String usual) {
        return text(key, usual).in(new NonEmptyString());
    }

    public static Setting<Integer> integer(String key, int usual) {
        return of(key, Type.INT, usual, Integer.class);
    }

    public static Setting<Long> longInteger(String key, long usual) {
        return of(key, Type.LONG, usual, Long.class);
    }

    public static Setting<Double> real(String key, double usual) {
        return of(key, Type.DOUBLE, usual, Double.class);
    }

    public static Setting<Boolean> flag(String key, boolean usual) {
        return of(key, Type.BOOLEAN, usual, Boolean.class);
    }

    /** Texts separated by commas, none by default. */
    public static Setting<List<String>> list(String key) {
        return of(
                key,
                Type.LIST,
                List.of(),
                (name, value) -> ((List<?>) value).stream().map(String::valueOf).toList());
    }

    /** One of an enum's constants, in lower case and with hyphens for its underscores. */
    public static <E extends Enum<E>> Setting<E> choice(String key, E usual) {
        Class<E> kind = usual.getDeclaringClass();
        String[] words =
                Arrays.stream(kind.getEnumConstants()).map(Setting::word).toArray(String[]::new);
        return of(key, Type.STRING, word(usual), (name, value) -> Enum.valueOf(kind, name(value)))
                .in(ValidString.in(words));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String name(Object word) {
        return word.toString().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * A text of a form of its own.
     *
     * @param form what is allowed, in words
     * @param parser takes the key, for errors, and the text, and throws a {@link ConfigException}
     *     where that has another form
     */
    public static <T> Setting<T> parsed(
            String key, String usual, String form, BiFunction<String, String, T> parser) {
        BiFunction<String, Object, T> reader = (name, value) -> parser.apply(name, (String) value);
        return of(key, Type.STRING, usual, reader)
                .in(LambdaValidator.with(reader::apply, () -> form));
    }

    /** The same setting with allowed values. */
    public Setting<T> in(Validator values) {
        return new Setting<>(key, type, usual, reader, values, importance, meaning, recorded);
    }

    /**
     * The same setting with its meaning.
     *
     * @param weight how often it is changed, by which settings are listed
     * @param text sentences for whoever sets it
     */
    public Setting<T> means(Importance weight, String text) {
        return new Setting<>(key, type, usual, reader, allowed, weight, text, recorded);
    }

    /** The same setting, named with its value in the manifest of every record. */
    public Setting<T> recorded() {
        return new Setting<>(key, type, usual, reader, allowed, importance, meaning, true);
    }

    public String key() {
        return key;
    }

    boolean isRecorded() {
        return recorded;
    }

    void define(ConfigDef definition) {
        definition.define(key, type, usual, allowed, importance, meaning);
    }

    /** Reads a value that the definition's parser gave. */
    T read(Object value) {
        return reader.apply(key, value);
    }
}
