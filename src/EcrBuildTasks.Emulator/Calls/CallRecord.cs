namespace EcrBuildTasks.Emulator.Calls;

/// <summary>What is known of a request while it is being answered.</summary>
internal sealed class CallRecord
{
    public required string Service { get; set; }

    public string Action { get; set; } = "Unknown";

    public string? Principal { get; set; }

    public ReceivedCall Finish(HttpRequest request, int status) =>
        new(Service, Action, Principal, status, request.Method, request.Path);
}
