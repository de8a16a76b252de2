import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** For so many seconds, does all that Flight Recorder has events for. */
class Recorded {
	static final Object lock = new Object();
	static final List<byte[]> kept = new ArrayList<>();
	static volatile long sum;

	static void allocate() {
		for (int i = 0; i < 200; i++)
			kept.add(new byte[16 * 1024]);
		if (kept.size() > 2000) {
			kept.clear();
			System.gc();
		}
	}

	static void wait(int ms) {
		try {
			Thread.sleep(ms);
		} catch (InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}

	static void contend() {
		synchronized (lock) {
			wait(15);
		}
	}

	static void write(Path path) throws Exception {
		byte[] bytes = new byte[50_000];

		try (RandomAccessFile f = new RandomAccessFile(path.toFile(),
		    "rw")) {
			f.write(bytes);
			f.seek(0);
			f.readFully(bytes);
		}
	}

	static void talk(Socket socket) throws Exception {
		OutputStream out = socket.getOutputStream();
		InputStream in = socket.getInputStream();

		out.write(new byte[700]);
		sum += in.read(new byte[700]);
	}

	/** Sends back what it gets, after a while. */
	static void answer(ServerSocket server) {
		byte[] bytes = new byte[700];
		int n;

		try (Socket socket = server.accept()) {
			while ((n = socket.getInputStream().read(bytes)) > 0) {
				wait(12);
				socket.getOutputStream().write(bytes, 0, n);
			}
		} catch (Exception e) {
			sum++;
		}
	}

	static Thread start(Runnable what) {
		Thread thread = new Thread(what);

		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	public static void main(String[] args) throws Exception {
		long end = System.nanoTime() +
		    Integer.parseInt(args[0]) * 1_000_000_000L;
		Path path = Files.createTempFile("recorded", null);
		ServerSocket server = new ServerSocket(0, 1,
		    InetAddress.getLoopbackAddress());

		start(() -> answer(server));
		start(() -> {
			while (true)
				contend();
		});
		try (Socket socket = new Socket(server.getInetAddress(),
		    server.getLocalPort())) {
			while (System.nanoTime() < end) {
				allocate();
				contend();
				write(path);
				talk(socket);
				start(Recorded::contend).join();
			}
		}
		Files.delete(path);
	}
}
