package io.weft.controlplane.command;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.ShareGroups.Acknowledgement;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.admin.Releases.Greeting;
import io.weft.controlplane.api.question.OneEach;
import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.codec.shape.Since;
import io.weft.model.AbortedRange;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.ListenerName;
import io.weft.model.Marker;
import io.weft.model.OpaqueBytes;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/// Commands with replies, and feed messages, drawn from a seed, for every question that there is:
/// by the types of its values, mostly what is usual, sometimes the ends of the ranges. Values that
/// cannot be drawn part by part have a supplier here.
public final class AskedSamples {
  private static final int ATTEMPTS = 10_000;

  private final Random random;
  private final int level;
  private final List<QuestionType<?>> questions = List.copyOf(Questions.all().list());
  private final Map<Class<?>, Supplier<?>> given = new HashMap<>();

  /// Items of the list that the question at hand asks with.
  private int asked;

  private boolean replying;

  /// @param level at which the values have bytes
  public AskedSamples(long seed, int level) {
    this.random = new Random(seed);
    this.level = level;
    given.put(boolean.class, random::nextBoolean);
    given.put(byte.class, () -> (byte) random.nextInt());
    given.put(short.class, () -> (short) random.nextInt());
    given.put(int.class, random::nextInt);
    given.put(long.class, this::number);
    given.put(Long.class, this::number);
    given.put(Double.class, random::nextDouble);
    given.put(String.class, this::text);
    given.put(UUID.class, () -> new UUID(random.nextLong(), random.nextLong()));
    given.put(byte[].class, this::bytes);
    given.put(OpaqueBytes.class, () -> OpaqueBytes.of(bytes()));
    given.put(
        OptionalDouble.class,
        () ->
            random.nextBoolean() ? OptionalDouble.of(random.nextDouble()) : OptionalDouble.empty());
    // A process that is asked over a network answers this itself.
    given.put(Greeting.class, () -> new Greeting(Levels.RELEASE, Levels.KNOWN));
    given.put(AgentId.class, () -> new AgentId(below(Integer.MAX_VALUE)));
    given.put(ListenerName.class, () -> new ListenerName("L" + below(100)));
    given.put(PartitionId.class, this::partition);
    given.put(PartitionBounds.class, this::bounds);
    given.put(UploadedBatches.class, this::batches);
    given.put(Extent.class, this::extent);
    given.put(Marker.class, this::marker);
    given.put(AbortedRange.class, this::abortedRange);
    given.put(
        AcquiredRun.class,
        () -> run((first, last) -> new AcquiredRun(first, last, random.nextInt())));
    given.put(
        AcknowledgedRun.class,
        () ->
            run(
                (first, last) ->
                    new AcknowledgedRun(first, last, oneOf(Acknowledgement.values()))));
  }

  /// How many questions there are.
  public int kinds() {
    return questions.size();
  }

  public Asked<?> next() {
    return next(below(kinds()));
  }

  public Asked<?> next(int place) {
    return next(questions.get(place));
  }

  private <R> Asked<R> next(QuestionType<R> question) {
    Method method = method(question);
    replying = false;
    Object[] arguments =
        Arrays.stream(method.getAnnotatedParameterTypes()).map(this::drawn).toArray();
    replying = true;
    Object reply =
        question.name().equals("Commit")
            ? ((List<?>) arguments[2]).stream().map(file -> outcome((UploadedFile) file)).toList()
            : reply(method);
    return new Asked<>(new Command<>(question, arguments), question.reply(reply));
  }

  private Object reply(Method method) {
    if (method.getReturnType() == void.class) {
      return random.nextBoolean();
    }
    return method.getReturnType() == List.class && OneEachFit.of(method).isPresent()
        ? list(method.getAnnotatedReturnType(), asked)
        : drawn(method.getAnnotatedReturnType());
  }

  private static Method method(QuestionType<?> question) {
    return Arrays.stream(question.asker().getMethods())
        .filter(each -> each.isAnnotationPresent(Question.class))
        .filter(each -> each.getAnnotation(Question.class).kind() == question.kind())
        .findFirst()
        .orElseThrow();
  }

  public List<Event> events() {
    return exactly(below(20), () -> (Event) drawn(Event.class));
  }

  public FeedRequest feedRequest() {
    return (FeedRequest) drawn(FeedRequest.class);
  }

  private Object drawn(AnnotatedType type) {
    Since since = type.getAnnotation(Since.class);
    if (since != null && since.value() > level) {
      return type.getType() instanceof ParameterizedType of && of.getRawType() == List.class
          ? List.of()
          : Optional.empty();
    }
    if (type.getType() == int.class && type.isAnnotationPresent(AtMost.class)) {
      return 1 + below(type.getAnnotation(AtMost.class).value());
    }
    if (type.getType() instanceof Class<?> simple) {
      return drawn(simple);
    }
    AnnotatedType[] of = ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments();
    Class<?> raw = (Class<?>) ((ParameterizedType) type.getType()).getRawType();
    if (raw == Optional.class) {
      return below(3) == 0 ? Optional.empty() : Optional.of(drawnOrNatural(type, of[0]));
    }
    if (raw == Map.class) {
      Map<String, Object> map = new HashMap<>();
      exactly(below(4), this::text).forEach(name -> map.put(name, drawn(of[1])));
      return map;
    }
    List<Object> list = list(type, some(type));
    return raw == List.class ? list : new HashSet<>(list);
  }

  /// What is absent as a number below zero is not below zero.
  private Object drawnOrNatural(AnnotatedType type, AnnotatedType of) {
    Object value = drawn(of);
    return type.getAnnotations().length > 0 && value instanceof Long number
        ? (Object) (number & Long.MAX_VALUE)
        : value;
  }

  private List<Object> list(AnnotatedType type, int count) {
    AnnotatedType of = ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments()[0];
    return exactly(count, () -> drawn(of));
  }

  /// How many items a list has: as many as the list before, in a reply that has one for each.
  private int some(AnnotatedType type) {
    if (!type.isAnnotationPresent(OneEach.class)) {
      return Math.min(below(6), type.getAnnotation(AtMost.class).value());
    }
    if (!replying) {
      asked = below(6);
    }
    return asked;
  }

  private Object drawn(Class<?> type) {
    Supplier<?> supplier = given.get(type);
    if (supplier != null) {
      return supplier.get();
    }
    if (type.isEnum()) {
      return oneOf(type.getEnumConstants());
    }
    if (type.isSealed()) {
      return drawn(
          oneOf(
              Arrays.stream(type.getPermittedSubclasses())
                  .filter(this::isKnown)
                  .toArray(Class<?>[]::new)));
    }
    for (int i = 0; i < ATTEMPTS; i++) {
      Object[] parts =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getAnnotatedType)
              .map(this::drawn)
              .toArray();
      try {
        Class<?>[] types =
            Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        return type.getDeclaredConstructor(types).newInstance(parts);
      } catch (InvocationTargetException e) {
        if (!(e.getCause() instanceof IllegalArgumentException)) {
          throw new AssertionError(e);
        }
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("no record can be made of " + type, e);
      }
    }
    throw new AssertionError("no " + type + " can be drawn part by part");
  }

  private boolean isKnown(Class<?> type) {
    Kind kind = type.getAnnotation(Kind.class);
    return kind == null || kind.since() <= level;
  }

  private UploadedBatches batches() {
    int rows = 1 + below(6);
    int[] lengths = new int[rows];
    int[] records = new int[rows];
    short[] epochs = new short[rows];
    int[] sequences = new int[rows];
    byte[] transactions = new byte[rows];
    long[] transactionalIds = {};
    int form = below(4);
    for (int i = 0; i < rows; i++) {
      lengths[i] = 1 + below(Integer.MAX_VALUE);
      records[i] = 1 + below(1 << (1 + below(30)));
      epochs[i] = (short) random.nextInt();
      sequences[i] = random.nextInt();
      transactions[i] = (byte) (form < 3 ? form : below(3));
      if (transactions[i] != UploadedBatches.NOT_TRANSACTIONAL) {
        transactionalIds = transactionalIds.length == 0 ? new long[rows] : transactionalIds;
        transactionalIds[i] = below(2) == 0 ? 7 : random.nextLong();
      }
    }
    return new UploadedBatches(
        partition(),
        lengths,
        records,
        numbers(rows),
        numbers(rows),
        epochs,
        sequences,
        transactions,
        transactionalIds);
  }

  private FileOutcome outcome(UploadedFile file) {
    if (below(4) == 0) {
      return new FileOutcome.Expired();
    }
    List<BatchOutcomes> runs = new ArrayList<>();
    for (UploadedBatches run : file.partitions()) {
      byte[] verdicts = new byte[run.count()];
      for (int i = 0; i < verdicts.length; i++) {
        verdicts[i] = (byte) below(BatchOutcomes.Verdict.values().length);
      }
      runs.add(new BatchOutcomes(verdicts, numbers(run.count()), numbers(run.count()), number()));
    }
    return new FileOutcome.Committed(runs);
  }

  private PartitionBounds bounds() {
    long start = below(1_000);
    long end = start + Math.abs(number() / 4);
    return new PartitionBounds(start, end, below(2) == 0 ? end : start);
  }

  private Marker marker() {
    long offset = Math.abs(number() / 4);
    return new Marker(
        offset,
        Math.abs(number() / 4),
        (short) below(Short.MAX_VALUE),
        random.nextBoolean(),
        offset - Math.min(offset, below(1_000)),
        Math.abs(number() / 4));
  }

  private AbortedRange abortedRange() {
    long first = Math.abs(number() / 4);
    return new AbortedRange(Math.abs(number() / 4), first, first + 1 + below(1_000));
  }

  private Extent extent() {
    long base = Math.abs(number() / 4);
    return new Extent(
        below(Integer.MAX_VALUE),
        Math.abs(number() / 4),
        1 + below(Integer.MAX_VALUE),
        base,
        base + below(Integer.MAX_VALUE),
        number(),
        number(),
        level > 1 && random.nextBoolean() ? Extent.Offsets.OWN : Extent.Offsets.DENSE);
  }

  private interface Run<T> {
    T of(long first, long last);
  }

  private <T> T run(Run<T> run) {
    long first = random.nextLong() >>> (2 + below(60));
    return run.of(first, first + below(9));
  }

  private PartitionId partition() {
    // Few topics, so that the same one often follows itself.
    TopicId topic =
        below(3) == 0
            ? new TopicId(random.nextLong(), random.nextLong())
            : new TopicId(7, below(2));
    return new PartitionId(topic, below(Integer.MAX_VALUE));
  }

  private byte[] bytes() {
    byte[] bytes = new byte[below(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  private String text() {
    String[] alphabet = {"a", "Z", "0", ".", "_", "-", "é", "漢", "😀", "\u0000"};
    StringBuilder text = new StringBuilder();
    for (int i = below(8); i > 0; i--) {
      text.append(alphabet[below(alphabet.length)]);
    }
    return text.toString();
  }

  private long[] numbers(int count) {
    long[] numbers = new long[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = number();
    }
    return numbers;
  }

  private long number() {
    return switch (below(8)) {
      case 0 -> -1;
      case 1 -> Long.MAX_VALUE;
      case 2 -> Long.MIN_VALUE;
      case 3 -> random.nextLong();
      default -> random.nextLong() >>> below(63);
    };
  }

  private int below(int bound) {
    return random.nextInt(bound);
  }

  private <T> T oneOf(T[] values) {
    return values[below(values.length)];
  }

  private static <T> List<T> exactly(int count, Supplier<T> item) {
    List<T> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(item.get());
    }
    return items;
  }
}
