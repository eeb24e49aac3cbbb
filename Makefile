# make demo     installs what is missing, builds, and shows what wstap says of a sample
# make test     installs what is missing, and runs every test
# make instructions  counts what each packet and the start cost, and fails where that is more than what is committed
# make peers   captures real peers of subprotocols, of TLS, of HTTP/2, of HTTP/3, of planted faults and of proxies anew
# make test-spark  checks the job for Apache Spark with Spark, DuckDB, Polars and pandas; minutes, and a network
# make pictures makes the README's pictures
# make views    draws every view at three widths on dark and light ground into .build-views, to be looked at
# make documentation  makes the library's documentation, .build/TapAnalysis.doccarchive
# make install  builds with a static standard library and installs the binary, its man page and completions for shells;
#               PREFIX=/usr/local, DESTDIR=
# make install-extcap  links the installed binary into Wireshark's extcap folder, where it is a source of packets; EXTCAP_DIR=
# make deb      makes a Debian package in .build-deb; make test-deb installs and removes it in a Debian of its own

PREFIX ?= /usr/local
BUILD_PACKAGES = libpcap-dev zlib1g-dev libzstd-dev liblz4-dev liblzma-dev libbz2-dev libpcre2-dev libsqlite3-dev libtomlplusplus-dev \
	libssl-dev libcbor-dev libnghttp2-dev libnghttp3-dev pkg-config
BENCH_PACKAGES = $(BUILD_PACKAGES) valgrind python3
INSTALL_PACKAGES = $(BUILD_PACKAGES) python3
PICTURE_PACKAGES = chromium python3 python3-pyte
TEST_PACKAGES = $(BUILD_PACKAGES) $(PICTURE_PACKAGES) tshark python3-jsonschema python3-websockets python3-pip jq \
	util-linux mount tzdata gzip zstd lz4 xz-utils bzip2 groff man-db bash zsh fish less
DEB_PACKAGES = $(INSTALL_PACKAGES) dpkg-dev gzip
SPARK_PACKAGES = $(BUILD_PACKAGES) python3 python3-venv openjdk-17-jre-headless

.PHONY: demo test test-build nightly instructions pictures views lint build documentation install install-extcap uninstall deb test-deb test-spark clean golden packages peers

demo: build
	.build/release/wstap read samples/chat.pcap
	.build/release/wstap read samples/wrong-accept.pcap

packages:
	scripts/install-packages $(BUILD_PACKAGES)

build: packages
	swift build -c release --product wstap

test: test-build
	scripts/run-tests

# Installs what the tests need, and builds them: they run against an optimized build, the one that users run.
test-build:
	scripts/install-packages $(TEST_PACKAGES)
	scripts/install-modules
	swift build -c release --build-tests $(TEST_FLAGS)

# What tests documents, other programs' readers, browsers, terminals, options of reports and packets in other orders: everything
# takes several times as long under the address sanitizer.
UNSANITIZED = EndToEndTests[.](ReadmeTests|CookbookTests|ManualTests|LibraryDocumentationTests|GoldenTests|PictureTests|BrowserTests|TopTests|ExtcapTests|LivePageTests|PagerTests|TsharkTests|TruthTests|RecordSchemaTests|ColumnTests|LogExportTests|SeveralExportsTests|ExportEndingTests|MessageTableTests|InflatedTextTests|HARTests|DatabaseTests|InteropTests|MirrorTests|TLSSampleTests|RunTests|KeyLogTests|ApplicationTests|AnnotatedCaptureTests|FilterTests|CommandTests|ColorTests|TableOptionTests|ConfigurationTests|ViewTests|ManyFilesTests|TerminalTests|ThreadTests|ShardTests|ShardPropertyTests|ShardFaultTests|CarryTests|PartTests|HTTP3ThreadTests|LiveKeyLogTests|RobustnessPageGoldenTests)/

# What takes hours: 10,000 captures of each kind that are made up, all tests under the address sanitizer, a live capture
# of half an hour and one of an hour with all that it can keep and tell, and an hour of each fuzzer.
nightly:
	scripts/install-packages $(TEST_PACKAGES)
	scripts/install-modules
	WSTAP_RANDOM_CAPTURES=10000 swift test -c release --filter 'RandomCaptureTests|MirrorTests|DividedTests|LossyTalkTests|LossySampleTests'
	WSTAP_SHARDS=1,2,3,7,64 WSTAP_RANDOM_CAPTURES=500 swift test -c release --filter 'ShardPropertyTests|CarryTests'
	swift build -c release --build-tests --sanitize address --scratch-path .build-asan
	ASAN_OPTIONS=detect_leaks=0 scripts/run-tests --sanitize address --scratch-path .build-asan --skip '$(UNSANITIZED)'
	rm -rf .build-asan
	swift build -c release --product wstap
	/usr/bin/python3 Tests/Peers/endurance.py .build/release/wstap 30 100
	scripts/install-packages tcpdump iproute2
	PYTHONPATH=.build/python /usr/bin/python3 Tests/Peers/operations.py .build/release/wstap 60
	Fuzzing/run --time 3600

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Examples Benchmarks/Package.swift Benchmarks/Sources \
		Fuzzing/Package.swift Fuzzing/Sources Fuzzing/Targets
	scripts/check-unsafe

instructions:
	scripts/install-packages $(BENCH_PACKAGES)
	swift build -c release --product wstap
	Benchmarks/instructions

pictures:
	scripts/install-packages $(BUILD_PACKAGES) $(PICTURE_PACKAGES)
	swift build -c release --product wstap
	scripts/make-pictures .build/release/wstap docs/pictures

views:
	scripts/install-packages $(BUILD_PACKAGES) $(PICTURE_PACKAGES)
	swift build -c release --product wstap
	scripts/make-views .build/release/wstap .build-views

documentation:
	scripts/install-packages $(BUILD_PACKAGES) jq
	swift build -c release --target TapAnalysis
	scripts/make-documentation

# Captures real peers of subprotocols, of TLS, of HTTP/2, of HTTP/3, of planted faults and of proxies anew, and what they log. Needs root and a network.
peers:
	samples/subprotocols/make
	samples/tls/make
	samples/http2/make
	samples/http3/make
	samples/faults/make
	samples/legs/make
	swift build -c release --product wstap
	samples/faults/make --live .build/release/wstap

# Rewrites the golden files, and fails; look at the difference before committing it.
golden:
	WSTAP_REWRITE_GOLDEN=1 swift test -c release --filter GoldenTests

install:
	scripts/install-packages $(INSTALL_PACKAGES)
	swift build -c release --product wstap --static-swift-stdlib --scratch-path .build-install
	install -D -s -m 755 .build-install/release/wstap $(DESTDIR)$(PREFIX)/bin/wstap
	scripts/install-share $(DESTDIR)$(PREFIX)/bin/wstap $(DESTDIR)$(PREFIX)/share
	@echo 'For WebSocket as a source of packets in Wireshark: make install-extcap'

install-extcap:
	scripts/install-extcap $(PREFIX)/bin/wstap '$(DESTDIR)' $(EXTCAP_DIR)

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/wstap
	scripts/install-extcap --remove $(PREFIX)/bin/wstap '$(DESTDIR)' $(EXTCAP_DIR)
	scripts/install-share --remove $(DESTDIR)$(PREFIX)/share

deb:
	scripts/install-packages $(DEB_PACKAGES)
	swift build -c release --product wstap --static-swift-stdlib --scratch-path .build-install
	scripts/make-deb .build-install/release/wstap .build-deb

# Minutes, and a network: a whole Debian is put into a folder. Needs root.
test-deb: deb
	scripts/install-packages debootstrap
	scripts/test-deb .build-deb

# Spark and what reads its files have an environment of their own: half a gigabyte.
test-spark:
	scripts/install-packages $(SPARK_PACKAGES)
	swift build -c release --product wstap
	test -x .build/spark/bin/spark-submit || python3 -m venv .build/spark
	.build/spark/bin/pip install --quiet -r Tests/Spark/requirements.txt
	. .build/spark/bin/activate && JAVA_HOME=/usr/lib/jvm/java-17-openjdk-$$(dpkg --print-architecture) SPARK_LOCAL_IP=127.0.0.1 \
		python Tests/Spark/check.py .build/release/wstap .build/spark-test

clean:
	rm -rf .build .build-*
