package mongodb

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver"

	"jishi/internal/market"
)

// Codes of MongoDB's error_codes.yml, by what they mean for us.
var (
	// The server is not for now the one to ask, gave up waiting, or lost a
	// cursor by starting anew.
	awayCodes = []int{
		6, 7, 24, 43, 46, 50, 64, 89, 91, 100, 112, 133, 134, 189, 202, 237, 262, 317, 9001,
		10058, 10107, 11600, 11601, 11602, 13435, 13436,
	}
	fullCodes     = []int{14031}                      // OutOfDiskSpace
	deniedCodes   = []int{11, 13, 18, 8000}           // unknown user, no right, wrong password
	tooLargeCodes = []int{10334, 17280, 17419, 17420} // a document or a key in it
)

// failure turns an error of the driver into one of ours; nil stays nil and our
// own errors stay as they are. The end of ctx is always among the causes.
func failure(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var own *market.Error
	if errors.As(err, &own) {
		return err
	}
	if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
		err = fmt.Errorf("%w: %w", ended, err)
	}
	var unencodable mongo.MarshalError
	switch {
	case errors.Is(err, context.Canceled):
		return market.Wrap(market.Unavailable, err, "store_interrupted", "操作被中断，请稍后再试。")
	case errors.Is(err, mongo.ErrClientDisconnected):
		return market.Wrap(market.Unavailable, err, "store_closed", "系统正在停止，请稍后再试。")
	case errors.Is(err, driver.ErrDocumentTooLarge):
		return tooLarge(err)
	case mongo.IsTimeout(err):
		return market.Wrap(market.Unavailable, err, "store_timeout", "数据库没有及时答复，请稍后再试。")
	case errors.As(err, &unencodable), errors.Is(err, mongo.ErrNilValue), errors.Is(err, mongo.ErrNilDocument):
		return market.Wrap(market.Internal, err, "store", "数据库出错，请联系管理员。")
	}
	return answer(err)
}

// answer turns what the server answered into one of ours. What is no answer of
// the server is trouble on the way to it.
func answer(err error) error {
	var server mongo.ServerError
	has := func(codes []int) bool { return slices.ContainsFunc(codes, server.HasErrorCode) }
	switch {
	case !errors.As(err, &server), mongo.IsNetworkError(err):
		return market.Wrap(market.Unavailable, err, "store_unreachable", "暂时连不上数据库，请稍后再试。")
	case has(deniedCodes):
		return market.Wrap(market.Internal, err, "store_denied", "数据库拒绝了登录或操作，请通知管理员检查连接设置。")
	case has(fullCodes):
		return market.Wrap(market.Unavailable, err, "store_full", "数据库空间不足，暂时不能保存，请通知管理员。")
	case has(tooLargeCodes):
		return tooLarge(err)
	case has(awayCodes), concernFailed(err):
		return market.Wrap(market.Unavailable, err, "store_away", "数据库暂时不能确认操作，请稍后再试。")
	}
	return market.Wrap(market.Internal, err, "store", "数据库出错，请联系管理员。")
}

// concernFailed reports whether a write was done but not confirmed to be safe.
func concernFailed(err error) bool {
	var exception mongo.WriteException
	return errors.As(err, &exception) && exception.WriteConcernError != nil
}

func tooLarge(cause error) error {
	return market.Wrap(market.TooLarge, cause, "document_too_large", "内容超过 16 MB，请精简后再保存。")
}
