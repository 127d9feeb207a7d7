package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.shape.CaseShape.Layout;
import io.weft.controlplane.codec.shape.RecordShape.Component;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.IntFunction;

/// Derives the bytes of values from the form of their types. Used by one thread, once; the shapes it
/// gives are for all.
///
///     boolean byte                 = 1 byte
///     short int long               = varint (see WireWriter); with @Fixed 2, 4 or 8 bytes
///     double                       = the 8 bytes of IEEE 754
///     String byte[] OpaqueBytes    = length:varint byte*            strings in UTF-8
///     TopicId UUID                 = 16 bytes
///     enum                         = place:byte                     in the order of declaration
///     Optional                     = 0 | 1 value
///     List Set                     = count:varint item*             sets in natural order
///     Map of String                = count:varint (name value)*     names strictly rising
///     record                       = component*
///     sealed interface             = kind:byte component*           see Kind
///
/// A place or a type with [Shaped], or one that [#with] gave a shape, is written by that shape. A
/// component with [Since] is not there at levels before; a constant with it is refused there.
public final class Shapes {
  private final Map<Class<?>, Shape<?>> given = new HashMap<>();
  private final Map<Class<?>, IntFunction<? extends Shape<?>>> lists = new HashMap<>();
  private final Map<Class<?>, Shape<?>> derived = new HashMap<>();
  private final Deque<Class<?>> underWay = new ArrayDeque<>();
  private final boolean limited;

  private Shapes(boolean limited) {
    this.limited = limited;
  }

  /// For bytes of strangers: every list says how many items it has [at most][AtMost].
  public static Shapes limited() {
    return new Shapes(true);
  }

  /// For bytes that we have written and summed up ourselves: the bytes at hand are limit enough.
  public static Shapes unlimited() {
    return new Shapes(false);
  }

  /// All values of a type are to be written by this shape.
  public <T> Shapes with(Class<T> type, Shape<? super T> shape) {
    given.put(type, shape);
    return this;
  }

  /// All lists of these items are to be written by the shapes made by this, of the most items that
  /// there may be.
  public <T> Shapes withLists(Class<T> item, IntFunction<? extends Shape<List<T>>> shape) {
    lists.put(item, shape);
    return this;
  }

  /// The arguments of a method, one after the other.
  ///
  /// @throws IllegalArgumentException if one of them has no bytes
  public Shape<Object[]> ofArguments(Method method) {
    List<Component> components = new ArrayList<>();
    AnnotatedType[] types = method.getAnnotatedParameterTypes();
    for (int i = 0; i < types.length; i++) {
      components.add(component(types[i], method.getParameterTypes()[i], Handles.item(i)));
    }
    return new RecordShape<>(Object[].class, Handles.SAME, List.copyOf(components));
  }

  /// The bytes around these say at which level they are: a message's version does, or a snapshot's.
  ///
  /// @throws IllegalArgumentException if a value of the type has something that has no bytes
  @SuppressWarnings("unchecked") // A shape in the map is that of its key.
  public <T> Shape<T> of(Class<T> type) {
    return (Shape<T>) plain(type, false);
  }

  /// The rows of a table, as many as the bytes at hand allow.
  public <T> Rows<T> rowsOf(Class<T> row) {
    if (limited) {
      throw new IllegalArgumentException("a table that does not say how many rows it may have");
    }
    return new Rows<>(counted(of(row)));
  }

  /// As [#of(Class)], of a component's, a parameter's or a result's type with its annotations.
  public Shape<?> of(AnnotatedType type) {
    Shaped shaped = type.getAnnotation(Shaped.class);
    if (shaped != null) {
      return made(shaped);
    }
    Type form = type.getType();
    checkPlaces(type, form);
    if (form == int.class && type.isAnnotationPresent(AtMost.class)) {
      return Basics.count(countMax(type));
    }
    if (form instanceof Class<?> simple) {
      return plain(simple, type.isAnnotationPresent(Fixed.class));
    }
    if (form instanceof ParameterizedType parameterized
        && type instanceof AnnotatedParameterizedType annotated) {
      return generic((Class<?>) parameterized.getRawType(), annotated);
    }
    throw new IllegalArgumentException("no bytes are known for " + form);
  }

  /// An annotation that means nothing where it stands would be taken for a limit that there is not.
  private static void checkPlaces(AnnotatedType type, Type form) {
    boolean counts = form == int.class || form instanceof ParameterizedType;
    boolean fixable = form instanceof Class<?> simple && Basics.of(simple, true) != null;
    boolean countLimited = type.isAnnotationPresent(AtMost.class);
    boolean fixed = type.isAnnotationPresent(Fixed.class);
    if ((countLimited && !counts) || (fixed && (!fixable || countLimited))) {
      throw new IllegalArgumentException("an annotation without effect: " + type);
    }
  }

  /// @throws IllegalArgumentException if an item may have no bytes: nothing would limit how many
  private static <T> Shape<T> counted(Shape<T> item) {
    if (item.bytesMin() == 0) {
      throw new IllegalArgumentException("a list of items without bytes");
    }
    return item;
  }

  private Shape<?> generic(Class<?> raw, AnnotatedParameterizedType type) {
    AnnotatedType[] arguments = type.getAnnotatedActualTypeArguments();
    if (raw == List.class && lists.containsKey(arguments[0].getType())) {
      return lists.get(arguments[0].getType()).apply(countMax(type));
    }
    for (AnnotatedType each : arguments) {
      if (each.isAnnotationPresent(Since.class)) {
        throw new IllegalArgumentException("only a component comes later: " + type);
      }
    }
    Shape<?> last = of(arguments[arguments.length - 1]);
    if (raw == Optional.class) {
      return new OptionalShape<>(last);
    }
    if (raw == List.class) {
      return new ListShape<>(counted(last), countMax(type));
    }
    if (raw == Set.class) {
      return new SetShape<>(new ListShape<>(counted(last), countMax(type)));
    }
    if (raw == Map.class && arguments[0].getType() == String.class) {
      return new MapShape<>(last, countMax(type));
    }
    throw new IllegalArgumentException("no bytes are known for " + type.getType());
  }

  private int countMax(AnnotatedType type) {
    AtMost limit = type.getAnnotation(AtMost.class);
    if (limit == null && limited) {
      throw new IllegalArgumentException(type.getType() + " does not say how many it may have");
    }
    return limit == null ? Integer.MAX_VALUE : limit.value();
  }

  private Shape<?> plain(Class<?> type, boolean fixed) {
    Shape<?> known = given.getOrDefault(type, derived.get(type));
    if (known != null) {
      return known;
    }
    Shape<?> basic = Basics.of(type, fixed);
    if (basic != null) {
      return basic;
    }
    if (underWay.contains(type)) {
      throw new IllegalArgumentException(type + " holds values of its own type");
    }
    underWay.push(type);
    Shape<?> shape = composed(type);
    underWay.pop();
    derived.put(type, shape);
    return shape;
  }

  private Shape<?> composed(Class<?> type) {
    if (type.isAnnotationPresent(Shaped.class)) {
      return made(type.getAnnotation(Shaped.class));
    }
    if (type == OptionalDouble.class) {
      return new OptionalDoubleShape();
    }
    if (type.isEnum()) {
      return enumShape(type);
    }
    if (type.isRecord()) {
      return record(type);
    }
    if (type.isSealed()) {
      return cases(type, type.getSimpleName(), leaves(type), false, Integer.MAX_VALUE);
    }
    throw new IllegalArgumentException("no bytes are known for " + type);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // The constants of an enum are of its type.
  private static Shape<?> enumShape(Class<?> type) {
    return EnumShape.of((Class) type);
  }

  private <T> Shape<T> record(Class<T> type) {
    List<Component> components = new ArrayList<>();
    for (RecordComponent each : type.getRecordComponents()) {
      components.add(component(each.getAnnotatedType(), each.getType(), Handles.accessor(each)));
    }
    return new RecordShape<>(type, Handles.constructor(type), List.copyOf(components));
  }

  private Component component(AnnotatedType type, Class<?> raw, MethodHandle accessor) {
    Since since = type.getAnnotation(Since.class);
    Shape<Object> shape = erased(of(type));
    return new Component(
        accessor,
        shape,
        since == null ? 1 : since.value(),
        since == null ? Optional.empty() : absent(raw),
        shape.weighs());
  }

  private static Object absent(Class<?> type) {
    Object absent =
        Map.<Class<?>, Object>of(
                boolean.class,
                false,
                short.class,
                (short) 0,
                int.class,
                0,
                long.class,
                0L,
                String.class,
                "",
                Optional.class,
                Optional.empty(),
                List.class,
                List.of(),
                Map.class,
                Map.of())
            .get(type);
    if (absent == null) {
      throw new IllegalArgumentException("what came later must be able to be absent: " + type);
    }
    return absent;
  }

  /// The cases of several families, as if they were those of one sealed interface: each family is a
  /// sealed interface, or a record by itself.
  ///
  /// @param name of any case, for people: "a record"
  /// @throws IllegalArgumentException if two cases have one kind, or a family has something that
  ///   has no bytes
  public <T> Shape<T> union(Class<T> type, String name, List<Class<? extends T>> families) {
    return union(type, name, families, Integer.MAX_VALUE);
  }

  /// As [#union(Class, String, List)], without the kinds of levels above the one that is known.
  public <T> Shape<T> union(
      Class<T> type, String name, List<Class<? extends T>> families, int known) {
    List<Class<?>> cases = new ArrayList<>();
    families.forEach(each -> cases.addAll(leaves(each)));
    return cases(type, name, cases, true, known);
  }

  /// @param alone whether nothing but the kind says at which level a case is to be read
  /// @param known the highest level whose kinds are known
  private <T> Shape<T> cases(
      Class<T> type, String name, List<Class<?>> cases, boolean alone, int known) {
    Map<Class<?>, List<Layout>> byType = new LinkedHashMap<>();
    Map<Byte, Layout> byKind = new HashMap<>();
    for (Class<?> each : cases) {
      Shape<Object> shape = erased(plain(each, false));
      List<Layout> layouts = new ArrayList<>();
      Kind[] kinds = kinds(each);
      for (Kind kind : kinds) {
        Layout layout = new Layout(kind.value(), kind.since(), kinds.length == 1 && !alone, shape);
        layouts.add(layout);
        if (byKind.put(kind.value(), layout) != null) {
          throw new IllegalArgumentException(
              "%s has two cases of kind %d".formatted(type, kind.value()));
        }
      }
      layouts.sort(Comparator.comparingInt(Layout::since));
      Layout last = layouts.getLast();
      if (!last.only() && shape.versionAt(Integer.MAX_VALUE) > last.since()) {
        throw new IllegalArgumentException(
            "%s has another layout from level %d on, and no kind for it"
                .formatted(each, shape.versionAt(Integer.MAX_VALUE)));
      }
      layouts.removeIf(it -> it.since() > known);
      byType.put(each, List.copyOf(layouts));
    }
    byKind.values().removeIf(it -> it.since() > known);
    return new CaseShape<>(
        type,
        name,
        Collections.unmodifiableMap(byType),
        Map.copyOf(byKind),
        byKind.values().stream().anyMatch(each -> each.shape().weighs()));
  }

  private static Kind[] kinds(AnnotatedElement type) {
    Kind[] kinds = type.getAnnotationsByType(Kind.class);
    if (kinds.length == 0) {
      throw new IllegalArgumentException(type + " has no kind");
    }
    return kinds;
  }

  /// The cases of a sealed interface, of those below it too; anything else is a case itself.
  private static List<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(it -> leaves(it).stream()).toList()
        : List.of(type);
  }

  private static Shape<?> made(Shaped shaped) {
    try {
      return shaped.by().getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          shaped.by() + " has no public constructor without parameters", e);
    }
  }

  /// Its callers have values of the right type.
  @SuppressWarnings("unchecked")
  private static Shape<Object> erased(Shape<?> shape) {
    return (Shape<Object>) shape;
  }
}
