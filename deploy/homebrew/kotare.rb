# A skeleton: what is missing is a place that the archive of deploy/bin/source comes from, and its checksum.
class Kotare < Formula
  desc "DHCP servers and a dynamic DNS updater that speak Kea's languages"
  homepage "https://kotare.example.org/"
  url "https://kotare.example.org/kotare-0.1.0.tar.xz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "Apache-2.0"

  depends_on "help2man" => :build
  depends_on "libuv" => :build
  depends_on "node"

  def install
    # The archive has the bundles; only the addon is compiled.
    ENV.append "CPPFLAGS", "-I#{Formula["libuv"].opt_include}"
    ENV["KOTARE_NODE"] = Formula["node"].opt_bin/"node"
    system "node", "packages/netio/build.mjs"
    under = prefix.to_s.delete_prefix("/")
    system "deploy/bin/install", "/", "common", under
    %w[dhcp4d dhcp6d d2d].each do |daemon|
      cp "packages/netio/dist/netio.node", "apps/#{daemon}/dist/"
    end
    system "deploy/bin/manual"
    %w[dhcp4d dhcp6d d2d].each do |daemon|
      system "deploy/bin/install", "/", daemon, under
      (etc/"kotare").install prefix/"etc/kotare/#{daemon}.conf.sample" => "#{daemon}.conf"
      plist = Utils.safe_popen_read("deploy/bin/service-script", "macos", daemon, HOMEBREW_PREFIX)
      (pkgshare/"launchd/org.kotare.#{daemon}.plist").write plist
    end
  end

  def post_install
    %w[lib/kotare log/kotare run/kotare].each { |folder| (var/folder).mkpath }
  end

  def caveats
    <<~EOS
      A DHCP server is started by root, after its configuration says where to serve:
        sudo cp #{opt_pkgshare}/launchd/org.kotare.dhcp4d.plist /Library/LaunchDaemons
        sudo launchctl bootstrap system /Library/LaunchDaemons/org.kotare.dhcp4d.plist
    EOS
  end

  test do
    assert_match version.to_s, shell_output("#{sbin}/dhcp4d -v")
    assert_match "portable", shell_output("#{sbin}/dhcp4d -W")
  end
end
