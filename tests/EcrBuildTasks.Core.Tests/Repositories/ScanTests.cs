using EcrBuildTasks.Core.Tests.Images;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Scans;

namespace EcrBuildTasks.Core.Tests.Repositories;

/// <summary>Pushes that wait for the image's scan, by <c>EcrFailOnSeverity</c>.</summary>
public sealed class ScanTests
{
    private static readonly EmulatedFinding[] Findings =
    [
        new("CVE-2026-0003", "LOW", "zlib", "1.2"),
        new("CVE-2026-0002", "HIGH", "openssl", "3.0.1", "3.0.9"),
        new("CVE-2026-0001", "CRITICAL", "glibc", "2.36"),
        new("CVE-2026-0004", "UNDEFINED", "tar", "1.34"),
        new("CVE-2026-0005", "UNTRIAGED", "sed", "4.8"),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Findings_at_or_above_the_severity_fail_the_push_with_a_table(bool isEnhanced)
    {
        await using var scene = await OpenAsync(
            new()
            {
                IsEnhanced = isEnhanced,
                Status = isEnhanced ? "ACTIVE" : "COMPLETE",
                Findings = Findings,
            }
        );

        var push = await scene.PushAsync(Gated(scene, "HIGH") with { FloatingTags = true });

        var error = push.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.ScanFindings);
        error.Severity.ShouldBe(DiagnosticSeverity.Error);
        error.Message.ShouldContain("found 1 CRITICAL, 1 HIGH; EcrFailOnSeverity=HIGH ");
        error.Details.ShouldBe([
            $"  vulnerability  severity  package  version{(isEnhanced ? "  fixed in" : "")}",
            "  CVE-2026-0001  CRITICAL  glibc    2.36",
            $"  CVE-2026-0002  HIGH      openssl  3.0.1{(isEnhanced ? "    3.0.9" : "")}",
        ]);
        push.Result!.Pushed.Tags.ShouldBe(["1.0.0"]);
        var scan = ReportJson.Describe(push.Result)["scan"]!;
        scan["findings"]!.AsArray().Count.ShouldBe(5);
        scan["findings"]![0]!["name"]!.GetValue<string>().ShouldBe("CVE-2026-0001");
    }

    [Theory]
    [InlineData("LOW", 3)]
    [InlineData("INFORMATIONAL", 3)]
    [InlineData("MEDIUM", 2)]
    [InlineData("CRITICAL", 1)]
    public async Task What_is_less_grave_or_not_judged_is_not_counted(string severity, int counted)
    {
        await using var scene = await OpenAsync(new() { Findings = Findings });

        var push = await scene.PushAsync(Gated(scene, severity));

        push.Diagnostics.ShouldHaveSingleItem().Details.Count.ShouldBe(1 + counted);
    }

    [Fact]
    public async Task A_scan_without_grave_findings_lets_the_push_and_its_floating_tags_go()
    {
        await using var scene = await OpenAsync(new() { Findings = [Findings[0]] });

        var push = await scene.PushAsync(Gated(scene, "HIGH") with { FloatingTags = true });

        push.Diagnostics.ShouldBeEmpty();
        push.Result!.Pushed.Tags.ShouldContain("latest");
        push.Result.Scan!.Findings.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_scan_is_waited_for_and_read_page_by_page()
    {
        await using var scene = await OpenAsync(
            new()
            {
                LooksInProgress = 3,
                Findings =
                [
                    .. Enumerable.Range(0, 2300).Select(i => new EmulatedFinding($"CVE-{i:0000}", "LOW", "p", "1")),
                ],
            }
        );
        var pushed = await scene.PublishAsync("1.0.0");

        var report = await Scan(scene).WaitAsync(pushed.Pushed.Digest, TimeSpan.FromMinutes(1), Cancellation);

        report.End.ShouldBe(ScanEnd.Scanned);
        report.Findings.Count.ShouldBe(2300);
        scene.CallsOf("DescribeImageScanFindings").ShouldBe(3 + 3);
    }

    [Fact]
    public async Task Findings_that_come_late_are_found_though_there_was_no_scan_at_first_and_then_one_that_was_done()
    {
        await using var scene = await OpenAsync(
            new()
            {
                IsEnhanced = true,
                Status = "COMPLETE",
                LooksNotFound = 2,
                LooksInProgress = 2,
                LooksWithoutFindings = 2,
                Findings = Findings,
            }
        );
        var pushed = await scene.PublishAsync("1.0.0");

        var report = await Scan(scene).WaitAsync(pushed.Pushed.Digest, TimeSpan.FromMinutes(1), Cancellation);

        report.Findings.Count.ShouldBe(5);
        scene.CallsOf("DescribeImageScanFindings").ShouldBe(7);
    }

    [Fact]
    public async Task A_scan_that_never_tells_its_end_has_found_nothing_after_a_while()
    {
        await using var scene = await OpenAsync(new() { Status = "ACTIVE", LooksWithoutFindings = int.MaxValue });
        var pushed = await scene.PublishAsync("1.0.0");
        var scan = Scan(scene, settling: TimeSpan.FromMilliseconds(50));

        var patient = await scan.WaitAsync(pushed.Pushed.Digest, TimeSpan.FromMinutes(1), Cancellation);
        var hasty = await Scan(scene).WaitAsync(pushed.Pushed.Digest, TimeSpan.FromMilliseconds(50), Cancellation);

        patient.End.ShouldBe(ScanEnd.Scanned);
        patient.Findings.ShouldBeEmpty();
        hasty.End.ShouldBe(ScanEnd.TimedOut);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_several_platforms_each_is_scanned_and_the_table_says_which_has_what(bool isEnhanced)
    {
        await using var scene = await OpenAsync(
            new()
            {
                Findings = [Findings[1], Findings[2]],
                IsEnhanced = isEnhanced,
                Platforms = new Dictionary<string, EmulatedScan>
                {
                    ["linux/arm64"] = new() { Findings = [Findings[1]], IsEnhanced = isEnhanced },
                },
            }
        );
        using var image = PlatformImage();

        var push = await scene.PushAsync(
            Gated(scene, "HIGH") with
            {
                Source = new ImageSource.OciLayout(image.Layout),
            }
        );

        var error = push.Diagnostics.ShouldHaveSingleItem();
        error.Message.ShouldContain("found 1 CRITICAL, 1 HIGH;");
        var (title, none, fixedIn) = isEnhanced ? ("fixed in  ", "          ", "3.0.9     ") : ("", "", "");
        error.Details.ShouldBe([
            $"  vulnerability  severity  package  version  {title}platforms",
            $"  CVE-2026-0001  CRITICAL  glibc    2.36     {none}linux/amd64",
            $"  CVE-2026-0002  HIGH      openssl  3.0.1    {fixedIn}linux/amd64, linux/arm64",
        ]);
        ReportJson.Describe(push.Result!)["scan"]!["findings"]![1]!["platforms"]!
            .ToJsonString()
            .ShouldBe("""["linux/amd64","linux/arm64"]""");
    }

    [Fact]
    public async Task Of_several_platforms_the_one_that_was_not_scanned_is_named()
    {
        await using var scene = await OpenAsync(
            new()
            {
                Platforms = new Dictionary<string, EmulatedScan>
                {
                    ["linux/arm64"] = new() { Status = "UNSUPPORTED_IMAGE" },
                },
            }
        );
        using var image = PlatformImage();

        var push = await scene.PushAsync(
            Gated(scene, "HIGH") with
            {
                Source = new ImageSource.OciLayout(image.Layout),
            }
        );

        push.Diagnostics.ShouldHaveSingleItem().Message.ShouldContain("linux/arm64: UNSUPPORTED_IMAGE");
    }

    [Fact]
    public async Task Of_several_platforms_the_command_that_looks_later_names_an_image_that_is_scanned()
    {
        await using var scene = await OpenAsync(new() { LooksInProgress = int.MaxValue });
        using var image = PlatformImage();

        var push = await scene.PushAsync(
            Gated(scene, "HIGH", "1") with
            {
                Source = new ImageSource.OciLayout(image.Layout),
            }
        );

        var error = push.Diagnostics.ShouldHaveSingleItem();
        error.Message.ShouldContain("(linux/amd64: IN_PROGRESS; linux/arm64: IN_PROGRESS)");
        error.Message.ShouldNotContain($"imageDigest={push.Result!.Pushed.Digest}");
        error.Message.ShouldContain("imageDigest=sha256:");
    }

    [Fact]
    public async Task A_scan_that_is_not_done_in_time_fails_the_push_since_nobody_knows_what_it_finds()
    {
        await using var scene = await OpenAsync(new() { LooksInProgress = int.MaxValue });

        var push = await scene.PushAsync(Gated(scene, "HIGH", "1"));

        var error = push.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.ScanUnavailable);
        error.Severity.ShouldBe(DiagnosticSeverity.Error);
        error.Message.ShouldContain(" 1 seconds (IN_PROGRESS). Set EcrScanTimeout");
        push.Result.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("UNSUPPORTED_IMAGE", "The operating system is not supported")]
    [InlineData("FAILED", null)]
    [InlineData("SCAN_ELIGIBILITY_EXPIRED", "The scan duration has lapsed")]
    [InlineData("FINDINGS_UNAVAILABLE", null)]
    [InlineData("LIMIT_EXCEEDED", null)]
    [InlineData("IMAGE_ARCHIVED", null)]
    [InlineData("A_STATUS_OF_TOMORROW", null)]
    public async Task An_image_that_cannot_be_scanned_is_a_warning(string status, string? description)
    {
        await using var scene = await OpenAsync(new() { Status = status, Description = description });

        var warning = (await scene.PushAsync(Gated(scene, "LOW"))).Diagnostics.ShouldHaveSingleItem();

        warning.Code.ShouldBe(EcrCode.ScanUnavailable);
        warning.Severity.ShouldBe(DiagnosticSeverity.Warning);
        warning.Message.ShouldContain(description is null ? $"{status}." : $"{status}: {description}.");
    }

    [Fact]
    public async Task Where_nothing_scans_a_warning_says_how_to_switch_it_on()
    {
        await using var scene = await OpenAsync(scan: null);
        var pushed = await scene.PublishAsync("1.0.0");
        var scan = new ImageScan(scene.Owner, pushed.Image, TimeProvider.System)
        {
            Interval = TimeSpan.FromMilliseconds(5),
            Beginning = TimeSpan.FromMilliseconds(50),
        };

        var report = await scan.WaitAsync(pushed.Pushed.Digest, TimeSpan.FromMinutes(1), Cancellation);

        report.End.ShouldBe(ScanEnd.Off);
        var gate = new ScanOptions("LOW", null).Read()!;
        var warning = ScanDiagnosis.Describe(report, gate, pushed.Image, pushed.Pushed.Digest)!;
        warning.Severity.ShouldBe(DiagnosticSeverity.Warning);
        warning.Details[1].ShouldContain("aws ecr get-registry-scanning-configuration");
    }

    [Fact]
    public async Task A_scan_that_may_yet_begin_when_the_time_is_over_fails_the_push()
    {
        await using var scene = await OpenAsync(scan: null);

        var push = await scene.PushAsync(Gated(scene, "LOW", "1"));

        var error = push.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.ScanUnavailable);
        error.Severity.ShouldBe(DiagnosticSeverity.Error);
        push.Result!.Scan!.End.ShouldBe(ScanEnd.TimedOut);
    }

    [Fact]
    public async Task Who_may_not_see_the_findings_is_told_the_action()
    {
        await using var scene = await OpenAsync(new(), denied: "ecr:DescribeImageScanFindings");

        var error = (await scene.PushAsync(Gated(scene, "LOW"))).Diagnostics.ShouldHaveSingleItem();

        error.Code.ShouldBe(EcrCode.ScanUnavailable);
        error.Severity.ShouldBe(DiagnosticSeverity.Error);
        error.Message.ShouldContain(" ecr:DescribeImageScanFindings");
    }

    [Fact]
    public async Task Who_may_not_see_the_findings_is_told_before_the_build()
    {
        await using var scene = await OpenAsync(new(), denied: "ecr:DescribeImageScanFindings");
        var request = RulesScene.Request("1.0.0");

        var ungated = await scene.PreflightAsync(request);
        var gated = await scene.PreflightAsync(request with { Scan = new ScanOptions("LOW", null).Read() });

        ungated.Diagnostics.ShouldBeEmpty();
        var error = gated.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.IdentityPolicySilent);
        error.Details.ShouldContain(line => line.Contains("ecr:DescribeImageScanFindings"));
        gated.Fixes[0].ToJson().ShouldContain("ecr:DescribeImageScanFindings");
    }

    [Theory]
    [InlineData("SEVERE", null, "EcrFailOnSeverity (--fail-on-severity) ")]
    [InlineData("UNDEFINED", null, "NONE, INFORMATIONAL, LOW, MEDIUM, HIGH, CRITICAL")]
    [InlineData("HIGH", "soon", "EcrScanTimeout (--scan-timeout) ")]
    [InlineData("HIGH", "0", "EcrScanTimeout (--scan-timeout) ")]
    public void A_value_that_cannot_be_names_the_property(string severity, string? timeout, string words) =>
        Should
            .Throw<DiagnosedException>(() => new ScanOptions(severity, timeout).Read())
            .Diagnostic.Message.ShouldContain(words);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An image for two platforms, and what a builder attests of it.</summary>
    private static ToolImages PlatformImage()
    {
        var image = new ToolImages();
        var attestation = image.AddManifest([Guid.NewGuid().ToByteArray()], architecture: "unknown");
        var index = image.AddPlatforms(
            (image.AddManifest([Guid.NewGuid().ToByteArray()]), "linux", "amd64"),
            (image.AddManifest([Guid.NewGuid().ToByteArray()], architecture: "arm64"), "linux", "arm64"),
            (attestation, "unknown", "unknown")
        );
        image.WriteIndex((index, "application/vnd.oci.image.index.v1+json", "1.0"));
        return image;
    }

    private static ImageScan Scan(RulesScene scene, TimeSpan? settling = null) =>
        new(
            scene.Owner,
            new ImageReference(
                EcrRegistry.Create(RulesScene.Account, RulesScene.Region),
                RulesScene.Repository,
                ["1.0.0"]
            ),
            TimeProvider.System
        )
        {
            Interval = TimeSpan.FromMilliseconds(5),
            Settling = settling ?? TimeSpan.FromMinutes(1),
        };

    private static PushRequest Gated(RulesScene scene, string severity, string? timeout = null) =>
        scene.Built(RulesScene.Request("1.0.0")) with
        {
            Scan = new ScanOptions(severity, timeout).Read(),
        };

    private static Task<RulesScene> OpenAsync(EmulatedScan? scan, string denied = "ecr:DeleteRepository") =>
        RulesScene.OpenAsync(
            new EmulatedRegistry(RulesScene.Region) { Repositories = [new(RulesScene.Repository) { Scan = scan }] },
            denied
        );
}
