import java.util.ArrayList;
import java.util.List;

/** Burns and allocates for as many seconds as it is told. */
class Busy {
	static final List<byte[]> kept = new ArrayList<>();
	static double sum;

	static void burnSomeTime() {
		for (int i = 0; i < 100_000; i++)
			sum += Math.sqrt(sum + i);
	}

	static void keepSomeMemory() {
		kept.add(new byte[64 * 1024]);
		if (kept.size() > 100)
			kept.clear();
	}

	public static void main(String[] args) {
		long end = System.nanoTime() +
		    Integer.parseInt(args[0]) * 1_000_000_000L;

		while (System.nanoTime() < end) {
			burnSomeTime();
			keepSomeMemory();
		}
	}
}
