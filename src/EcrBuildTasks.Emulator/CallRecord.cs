namespace EcrBuildTasks.Emulator;

/// <summary>What is known of a request while it is being answered.</summary>
internal sealed class CallRecord
{
    public string Service { get; set; } = "unknown";

    public string Action { get; set; } = "Unknown";

    public string? Principal { get; set; }

    public ReceivedCall Finish(HttpContext context) =>
        new(Service, Action, Principal, context.Response.StatusCode, context.Request.Method, context.Request.Path);
}
