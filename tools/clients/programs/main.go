// Calls a running server with the client that OpenAPI Generator made: signs in, makes a draft, reads it back, lists,
// posts it and cancels it, and reads a refusal. Any step that does not answer as the contract says ends it with status 1.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"khidma"
)

func must(err error, step string) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, step, err)
	if refused, ok := err.(khidma.GenericOpenAPIError); ok {
		fmt.Fprintln(os.Stderr, string(refused.Body()))
	}
	os.Exit(1)
}

func expect(isTrue bool, step string) {
	if !isTrue {
		fmt.Fprintln(os.Stderr, step, "is not so")
		os.Exit(1)
	}
}

// Reads the code from the outbox of a development server, where an SMS would be.
func codeFor(origin, phone string) string {
	for attempt := 0; attempt < 100; attempt++ {
		response, err := http.Get(origin + "/__dev/outbox?to=" + url.QueryEscape(phone))
		must(err, "outbox")
		var outbox struct {
			Data []struct{ Code string }
		}
		must(json.NewDecoder(response.Body).Decode(&outbox), "outbox")
		response.Body.Close()
		for _, message := range outbox.Data {
			if message.Code != "" {
				return message.Code
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	fmt.Fprintln(os.Stderr, "no code in the outbox")
	os.Exit(1)
	return ""
}

func main() {
	origin := os.Args[1]
	phone := "+201112345678"
	configuration := khidma.NewConfiguration()
	configuration.Servers = khidma.ServerConfigurations{{URL: origin}}
	api := khidma.NewAPIClient(configuration)
	ctx := context.Background()

	requested, _, err := api.AuthenticationApi.AuthRequestOtp(ctx).RequestOtp(*khidma.NewRequestOtp(phone)).Execute()
	must(err, "auth.requestOtp")
	proof := *khidma.NewVerifyOtp(phone, requested.VerificationId, codeFor(origin, phone))
	signedIn, _, err := api.AuthenticationApi.AuthVerifyOtp(ctx).VerifyOtp(proof).Execute()
	must(err, "auth.verifyOtp")
	ctx = context.WithValue(ctx, khidma.ContextAccessToken, signedIn.AccessToken)

	me, _, err := api.MeApi.MeGet(ctx).Execute()
	must(err, "me.get")
	expect(me.Phone.IsSet() && *me.Phone.Get() == phone, "the phone of the caller")
	expect(me.Email.Get() == nil, "null of a field that may be null")

	categories, _, err := api.CatalogApi.CategoriesList(ctx).Execute()
	must(err, "categories.list")
	expect(len(categories.Data) > 0, "a list of categories")

	wanted := *khidma.NewCreateTask("cleaning", "Two rooms and a kitchen", time.Now().Add(48*time.Hour))
	wanted.SetAddress("12 Nile Street")
	wanted.SetCity("Cairo")
	wanted.SetLat(30.0444196)
	wanted.SetLng(31.2357116)
	draft, created, err := api.TasksApi.TasksCreate(ctx).IdempotencyKey("go-client-1").CreateTask(wanted).Execute()
	must(err, "tasks.create")
	expect(created.StatusCode == 201 && created.Header.Get("Location") == "/v1/tasks/"+draft.Id, "the address of what was created")
	again, _, err := api.TasksApi.TasksCreate(ctx).IdempotencyKey("go-client-1").CreateTask(wanted).Execute()
	must(err, "tasks.create, repeated")
	expect(again.Id == draft.Id, "one effect of two calls with one key")

	task, _, err := api.TasksApi.TasksGet(ctx, draft.Id).Execute()
	must(err, "tasks.get")
	expect(task.State == khidma.TASKSTATE_DRAFT && task.Lat == 30.0444196, "the draft as it was sent")

	page, _, err := api.TasksApi.TasksList(ctx).State(khidma.TASKSTATE_DRAFT).Limit(1).Execute()
	must(err, "tasks.list")
	expect(len(page.Data) == 1, "a page of one")

	posted, _, err := api.TasksApi.TasksPost(ctx, draft.Id).Execute()
	must(err, "tasks.post")
	expect(posted.State != khidma.TASKSTATE_DRAFT, "a task that is posted")

	_, response, err := api.TasksApi.TasksPost(ctx, draft.Id).Execute()
	refused, ok := err.(khidma.GenericOpenAPIError)
	expect(ok && response.StatusCode == 409, "a refusal")
	// The generator takes only application/json for JSON, so that it leaves a problem to be read.
	var problem khidma.Problem
	must(json.Unmarshal(refused.Body(), &problem), "a problem")
	expect(problem.Code == khidma.PROBLEMCODE_INVALID_TRANSITION, "its code")

	_, _, err = api.TasksApi.TasksCancel(ctx, draft.Id).CancelTask(*khidma.NewCancelTask("changed_mind")).Execute()
	must(err, "tasks.cancel")
	fmt.Println("go: signed in, created, read, listed, posted, refused, canceled")
}
