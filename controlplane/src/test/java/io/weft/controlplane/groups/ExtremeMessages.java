package io.weft.controlplane.groups;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.utils.internals.ImplicitLinkedHashCollection;

/// Messages of any of Kafka's kinds with random fields: likely ones, so that they get somewhere,
/// and extreme ones. Owned by one thread.
final class ExtremeMessages {
  private static final int STRING_MAX = 32_767;
  private static final int DEPTH_MAX = 4;

  private static final String[] LIKELY = {
    "g", "g", "g2", "s", "k", "t", "t", "m", "m2", "range", "uniform", "consumer", "i", "", "t.*"
  };

  private final Random random;

  /// Member ids and the like that were heard in answers.
  private final List<String> heard = new ArrayList<>();

  ExtremeMessages(Random random) {
    this.random = random;
  }

  void hear(String id) {
    if (!id.isEmpty() && heard.size() < 200) {
      heard.add(id);
    }
  }

  ApiMessage request(ApiKeys api) {
    ApiMessage message = api.messageType.newRequest();
    fill(message, 0);
    return message;
  }

  private void fill(Object message, int depth) {
    for (Method setter : message.getClass().getMethods()) {
      if (!setter.getName().startsWith("set")
          || setter.getParameterCount() != 1
          || Modifier.isStatic(setter.getModifiers())
          || setter.getDeclaringClass() != message.getClass()
          || random.nextInt(8) == 0) {
        continue;
      }
      try {
        setter.invoke(
            message,
            value(
                setter.getName(),
                setter.getParameterTypes()[0],
                setter.getGenericParameterTypes()[0],
                depth));
      } catch (InvocationTargetException impossible) {
        // The message itself knows that there is no such value; it keeps what it had.
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Object value(String name, Class<?> type, Type generic, int depth)
      throws ReflectiveOperationException {
    if (type == boolean.class) {
      return random.nextBoolean();
    } else if (type == int.class) {
      return (int) number();
    } else if (type == long.class) {
      return number();
    } else if (type == short.class) {
      return (short) number();
    } else if (type == byte.class) {
      return (byte) number();
    } else if (type == String.class) {
      return random.nextInt(40) == 0 ? null : text(name);
    } else if (type == byte[].class) {
      return bytes();
    } else if (type == Uuid.class) {
      return random.nextBoolean() ? new Uuid(1, 2) : new Uuid(random.nextLong(), 3);
    } else if (Collection.class.isAssignableFrom(type)) {
      return collection(name, type, generic, depth);
    } else if (Message.class.isAssignableFrom(type)) {
      return random.nextInt(3) == 0 ? null : filled(type, depth);
    }
    throw new IllegalStateException("no random " + type);
  }

  private Object filled(Class<?> type, int depth) throws ReflectiveOperationException {
    Object message = type.getConstructor().newInstance();
    if (depth < DEPTH_MAX) {
      fill(message, depth + 1);
    }
    return message;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Object collection(String name, Class<?> type, Type generic, int depth)
      throws ReflectiveOperationException {
    if (random.nextInt(20) == 0) {
      return null;
    }
    int count = random.nextInt(60) == 0 ? 300 >> (2 * depth) : random.nextInt(3);
    if (ImplicitLinkedHashCollection.class.isAssignableFrom(type)) {
      ImplicitLinkedHashCollection all =
          (ImplicitLinkedHashCollection) type.getConstructor().newInstance();
      Type element = ((ParameterizedType) type.getGenericSuperclass()).getActualTypeArguments()[0];
      for (int i = 0; i < count; i++) {
        all.add((ImplicitLinkedHashCollection.Element) filled((Class<?>) element, depth));
      }
      return all;
    }
    Type element = ((ParameterizedType) generic).getActualTypeArguments()[0];
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Class<?> of = (Class<?>) element;
      all.add(
          Message.class.isAssignableFrom(of)
              ? filled(of, depth)
              : value(name, primitive(of), of, depth));
    }
    return all;
  }

  private static Class<?> primitive(Class<?> boxed) {
    return boxed == Integer.class
        ? int.class
        : boxed == Long.class
            ? long.class
            : boxed == Short.class ? short.class : boxed == Byte.class ? byte.class : boxed;
  }

  private long number() {
    return switch (random.nextInt(12)) {
      case 0 -> Long.MAX_VALUE;
      case 1 -> Integer.MAX_VALUE;
      case 2 -> Integer.MIN_VALUE;
      case 3 -> -2;
      case 4, 5 -> -1;
      case 6 -> 10_000;
      default -> random.nextInt(4);
    };
  }

  private String text(String name) {
    if (!heard.isEmpty() && name.contains("Member") && random.nextInt(3) != 0) {
      return heard.get(random.nextInt(heard.size()));
    }
    return switch (random.nextInt(30)) {
      case 0 -> "x".repeat(STRING_MAX);
      case 1 -> "ä".repeat(STRING_MAX / 2);
      case 2 -> "(".repeat(random.nextInt(2_000));
      case 3 -> "((((a{1000}){1000}){1000}){1000})";
      case 4 -> "new-" + random.nextInt(50);
      case 5 -> "\u0000\ud800";
      default -> LIKELY[random.nextInt(LIKELY.length)];
    };
  }

  private byte[] bytes() {
    return switch (random.nextInt(6)) {
      case 0 -> new byte[0];
      case 1 -> new byte[1 << 16];
      case 2 -> {
        byte[] garbage = new byte[random.nextInt(40)];
        random.nextBytes(garbage);
        yield garbage;
      }
      default ->
          MessageUtil.byteBufferToArray(
              ConsumerProtocol.serializeSubscription(new Subscription(List.of("t"))));
    };
  }
}
